import { randomBytes } from "node:crypto";
import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findFreePort, findProgram, run, type ServerProcess, startServer } from "./wordpress/processes.ts";

/** A user of the installation, with the password and an application password for HTTP Basic. */
export interface WordPressUser {
  readonly id: number;
  readonly login: string;
  readonly password: string;
  readonly applicationPassword: string;
}

/** A post or page. */
export interface WordPressPost {
  readonly id: number;
  readonly slug: string;
  readonly title: string;
}

/** What was written into the installation, through WordPress's own functions. */
export interface WordPressContent {
  readonly users: { readonly admin: WordPressUser; readonly editor: WordPressUser };
  /** `herring` (by the editor, with an image and a comment) and `storm` (by the administrator) are published. */
  readonly posts: Readonly<Record<"herring" | "storm" | "draft" | "private", WordPressPost>>;
  readonly pages: Readonly<Record<"about" | "draft", WordPressPost>>;
  readonly media: { readonly photograph: { readonly id: number; readonly title: string; readonly path: string } };
  readonly category: { readonly id: number; readonly slug: string };
  readonly tag: { readonly id: number; readonly slug: string };
  readonly comment: { readonly id: number };
}

/** A WordPress that runs. */
export interface WordPress extends WordPressContent {
  /** Its own origin: `http://127.0.0.1:<port>`. */
  readonly url: string;
  readonly port: number;
  /** Stops PHP and MariaDB and removes every file. */
  stop(): Promise<void>;
}

const distribution = "/usr/share/wordpress";
const templates = join(import.meta.dirname, "wordpress");

/**
 * Starts a real WordPress from Debian's packages, with content, on loopback: MariaDB on a socket, PHP's own server, both
 * in a fresh folder. It is what WordPress is by default, nothing hardened: an upstream for tests, never for anybody else.
 */
export async function startWordPress(options: { readonly port?: number } = {}): Promise<WordPress> {
  const folder = await mkdtemp(join(tmpdir(), "wordpress-"));
  const servers: ServerProcess[] = [];

  async function stop(): Promise<void> {
    for (const server of servers.toReversed()) await server.stop();
    await rm(folder, { recursive: true, force: true });
  }

  try {
    await placeFiles(folder);
    const socket = join(folder, "database.sock");
    servers.push(await startDatabase(join(folder, "database"), socket));

    const port = options.port ?? (await findFreePort());
    const url = `http://127.0.0.1:${port}`;
    const env = {
      ...process.env,
      WORDPRESS_URL: url,
      WORDPRESS_DB_SOCKET: socket,
      WORDPRESS_SALT: randomBytes(32).toString("hex"),
      WORDPRESS_ADMIN_PASSWORD: randomBytes(18).toString("hex"),
    };
    const php = findProgram("php");
    await run(php, [join(folder, "install.php")], env);
    const content = JSON.parse(await run(php, [join(folder, "content.php")], env)) as WordPressContent;
    const root = join(folder, "wordpress");
    // An interrupt is what PHP's server takes for a request to stop.
    const web = startServer(php, ["-S", `127.0.0.1:${port}`, "-t", root, join(folder, "router.php")], {
      env,
      signal: "SIGINT",
    });
    servers.push(web);
    await web.untilReady(() => answers(`${url}/wp-json/`));
    return { ...content, url, port, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function placeFiles(folder: string): Promise<void> {
  // Debian's tree is full of symbolic links, and WordPress finds its configuration by where its files really are.
  await cp(distribution, join(folder, "wordpress"), {
    recursive: true,
    dereference: true,
    filter: (source) => !source.endsWith(".htaccess"),
  });
  await cp(join(templates, "wp-config.php"), join(folder, "wordpress", "wp-config.php"));
  await cp(join(templates, "offline.php"), join(folder, "wordpress", "wp-content", "mu-plugins", "offline.php"));
  for (const name of ["install.php", "content.php", "router.php", "photograph.png"]) {
    await cp(join(templates, name), join(folder, name));
  }
}

async function startDatabase(data: string, socket: string): Promise<ServerProcess> {
  // MariaDB refuses to run as root unless told so by name.
  const user = process.getuid?.() === 0 ? ["--user=root"] : [];
  const where = ["--no-defaults", `--datadir=${data}`, ...user];
  await run(findProgram("mariadb-install-db"), [
    ...where,
    "--auth-root-authentication-method=normal",
    "--skip-test-db",
  ]);
  const database = startServer(findProgram("mariadbd"), [...where, `--socket=${socket}`, "--skip-networking"]);
  const client = findProgram("mariadb");
  const query = (sql: string) =>
    run(client, ["--no-defaults", "--user=root", `--socket=${socket}`, `--execute=${sql}`]);
  try {
    await database.untilReady(() => query("SELECT 1").then(...succeeded));
    await query("CREATE DATABASE wordpress");
  } catch (error) {
    await database.stop();
    throw error;
  }
  return database;
}

const succeeded = [() => true, () => false] as const;

async function answers(url: string): Promise<boolean> {
  return fetch(url).then(
    async (response) => {
      await response.arrayBuffer();
      return response.ok;
    },
    () => false,
  );
}

if (process.argv[1] === import.meta.filename) {
  // Heard from the first moment: whoever is stopped while it starts must leave no servers behind, either.
  const toldToStop = new Promise((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, resolve);
  });
  const port = process.env["WORDPRESS_PORT"];
  const { stop, ...facts } = await startWordPress(port === undefined ? {} : { port: Number(port) });
  process.stdout.write(`${JSON.stringify(facts, null, 2)}\n`);
  process.stderr.write(`WordPress serves ${facts.url}; Ctrl-C stops it and removes its files.\n`);
  await toldToStop;
  await stop();
}
