// Gets a fresh clone ready: installs what is missing, builds what is stale, and nothing twice. It is the only script that
// runs on whatever Node the machine has: everything after it finds Node 24 first on the PATH of npm's scripts.
import { execFileSync, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const wants = new Set(process.argv.slice(2));
const bin = join(root, "node_modules", ".bin");

/** Progress goes to standard error: standard output belongs to the command that follows. */
function tell(line) {
  process.stderr.write(`${line}\n`);
}

function run(command, args, cwd = root) {
  const env = { ...process.env, PATH: `${bin}:${process.env.PATH}` };
  const { status, error } = spawnSync(command, args, { cwd, env, stdio: ["ignore", 2, 2] });
  if (error) throw error;
  if (status !== 0) throw new Error(`"${command} ${args.join(" ")}" failed`);
}

function digestOf(files) {
  const hash = createHash("sha256");
  for (const file of files) hash.update(file).update(readFileSync(file));
  return hash.digest("hex");
}

/** Runs `work` unless the stamp says that it was done for these very inputs. */
function once(stamp, digest, isThere, work) {
  if (isThere && existsSync(stamp) && readFileSync(stamp, "utf8") === digest) return;
  work();
  mkdirSync(join(stamp, ".."), { recursive: true });
  writeFileSync(stamp, digest);
}

function install(folder) {
  const lock = join(folder, "package-lock.json");
  const modules = join(folder, "node_modules");
  const inputs = [join(folder, "package.json"), lock];
  once(join(modules, ".headgate-setup"), digestOf(inputs), existsSync(modules), () => {
    tell(`setup: installing dependencies${folder === root ? "" : ` of ${folder.slice(root.length)}`} (npm ci)`);
    run("npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"], folder);
  });
}

function filesIn(folder) {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    return statSync(path).isDirectory() ? filesIn(path) : [path];
  });
}

function build() {
  const inputs = [...filesIn(join(root, "src")), join(root, "tsconfig.json"), join(root, "tsconfig.build.json")];
  const dist = join(root, "dist");
  once(join(dist, ".headgate-setup"), digestOf(inputs), existsSync(join(dist, "cli", "main.js")), () => {
    tell("setup: building");
    run("node", [join(root, "scripts", "build.ts")]);
  });
}

/** Debian packages that a test needs are installed when missing; where that is not permitted, the run stops and says how. */
function installPackages(packages) {
  const missing = packages.filter((name) => !isInstalled(name));
  if (missing.length === 0) return;
  const command = `apt-get install -y --no-install-recommends ${missing.join(" ")}`;
  if (process.getuid?.() !== 0 || !existsSync("/usr/bin/apt-get")) {
    tell(`setup: these tests need system packages that are missing. Type:\n\n  sudo ${command}\n`);
    if (missing.includes("chromium")) tell("or set HEADGATE_CHROMIUM to the path of a Chromium or Chrome.");
    process.exit(1);
  }
  tell(`setup: installing ${missing.join(", ")}`);
  process.env.DEBIAN_FRONTEND = "noninteractive";
  withoutStartingServices(() => {
    run("apt-get", ["update", "-qq"]);
    run("apt-get", command.split(" ").slice(1));
  });
}

/** Tests in a real browser take Debian's Chromium, or the one that HEADGATE_CHROMIUM names. */
function installBrowser() {
  const named = process.env.HEADGATE_CHROMIUM;
  if (named !== undefined && !existsSync(named))
    throw new Error(`HEADGATE_CHROMIUM names ${named}, which is not there`);
  if (named === undefined && !existsSync("/usr/bin/chromium")) installPackages(["chromium"]);
}

/** Tests start their own servers on loopback; packages must not start theirs on the network (Debian policy 9.3.3). */
function withoutStartingServices(work) {
  const policy = "/usr/sbin/policy-rc.d";
  const ours = !existsSync(policy);
  if (ours) writeFileSync(policy, "#!/bin/sh\nexit 101\n", { mode: 0o755 });
  try {
    work();
  } finally {
    if (ours) rmSync(policy, { force: true });
  }
}

function isInstalled(name) {
  try {
    return execFileSync("dpkg-query", ["-W", "-f", "${Status}", name], { stdio: ["ignore", "pipe", "ignore"] })
      .toString()
      .includes("install ok installed");
  } catch {
    return false;
  }
}

process.on("uncaughtException", (error) => {
  tell(`setup: ${error.message}`);
  process.exit(1);
});

install(root);
if (wants.has("--build")) build();
if (wants.has("--bench")) install(join(root, "bench"));
if (wants.has("--browser")) installBrowser();
if (wants.has("--real")) {
  installPackages(["wordpress", "php-cli", "php-mysql", "php-xml", "php-mbstring", "php-curl", "mariadb-server"]);
}
