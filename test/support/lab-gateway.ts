/** The lab with the gateway and the lab's own policy in front of it: what `npm start` runs, on free ports. */
import { fileURLToPath } from "node:url";
import { Agent, request } from "undici";
import { type Lab, startLab } from "../../lab/lab.ts";
import { findFreePort } from "../../src/cli/demo/free-port.ts";
import { type Running, startGateway } from "../../src/runtime/start.ts";

export type LabUser = "alice" | "bob" | "admin";

export interface LabGateway {
  readonly lab: Lab;
  readonly gateway: Running;
  readonly tokens: Readonly<Record<LabUser, string>>;
  /** Asks the bare lab. */
  bare(call: string, options?: CallOptions): Promise<CallAnswer>;
  /** Asks the gateway, over TLS. */
  guarded(call: string, options?: CallOptions): Promise<CallAnswer>;
  stop(): Promise<void>;
}

export interface CallOptions {
  readonly as?: LabUser;
  readonly token?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** A value is sent as JSON, text as it is. */
  readonly body?: unknown;
}

export interface CallAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
}

/** Starts both; stop it in `afterAll`. */
export async function startLabGateway(): Promise<LabGateway> {
  const port = await findFreePort();
  const site = `https://localhost:${port}`;
  const lab = await startLab({
    port: 0,
    contentPort: 0,
    commercePort: 0,
    graphqlPort: 0,
    identityPort: 0,
    siteOrigins: [site],
  });
  Object.assign(process.env, {
    LAB_SITE: site,
    LAB_ISSUER: lab.urls.identity,
    LAB_STOREFRONT: lab.urls.storefront,
    LAB_CONTENT: lab.urls.content,
    LAB_COMMERCE: lab.urls.commerce,
    LAB_GRAPHQL: lab.urls.graphql,
  });
  const policyFile = fileURLToPath(new URL("../../lab/headgate.config.ts", import.meta.url));
  const gateway = await startGateway({
    policyFile,
    host: "127.0.0.1",
    ports: { https: port, http: 0, admin: 0 },
    logDescriptor: 2,
    logLevel: "error",
  });
  const tokens = await lab.tokens();
  const agent = new Agent({ connect: { rejectUnauthorized: false } });
  const askAt =
    (origin: string) =>
    (call: string, options: CallOptions = {}) =>
      ask(agent, origin, call, options, tokens);
  return {
    lab,
    gateway,
    tokens,
    bare: askAt(lab.urls.storefront),
    guarded: askAt(site),
    async stop() {
      await agent.close();
      await gateway.stop();
      await lab.stop();
    },
  };
}

async function ask(
  dispatcher: Agent,
  origin: string,
  call: string,
  { as, token, headers = {}, body }: CallOptions,
  tokens: LabGateway["tokens"],
): Promise<CallAnswer> {
  const [method = "GET", path = "/"] = call.split(" ");
  const credential = token ?? (as && tokens[as]);
  const isText = typeof body === "string" || body === undefined;
  const answer = await request(origin + path, {
    dispatcher,
    method: method as "GET",
    headers: {
      ...(credential !== undefined && { authorization: `Bearer ${credential}` }),
      ...(!isText && { "content-type": "application/json" }),
      ...headers,
    },
    ...(body !== undefined && { body: isText ? (body as string) : JSON.stringify(body) }),
  });
  return { status: answer.statusCode, headers: answer.headers, text: await answer.body.text() };
}
