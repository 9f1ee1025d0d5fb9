import { randomBytes } from "node:crypto";
import { createGateway } from "../gateway/gateway.ts";
import { createDevelopmentCertificate } from "../gateway/development-certificate.ts";
import { listen, type Listener } from "../gateway/node/listen.ts";
import type { TransportOptions } from "../gateway/node/options.ts";
import { fixedTls, openTlsFiles, type TlsFiles } from "../gateway/tls.ts";
import { HeadgateError } from "../lib/error.ts";
import { toEvent } from "../monitor/event.ts";
import { createLog } from "../monitor/log.ts";
import { createMetrics } from "../monitor/metrics.ts";
import type { CompiledPolicy } from "../policy/compile.ts";
import { loadPolicy } from "../policy/load.ts";
import { createRedactor } from "../secrets/redact.ts";
import { Secret } from "../secrets/secret.ts";
import { createMemoryLimiter } from "../state/memory.ts";
import { type AdminServer, openAdmin } from "./admin.ts";
import { systemClock } from "./clock.ts";
import { watchEventLoopDelay } from "./event-loop-delay.ts";
import { createPolicyParts, type LastingParts } from "./parts.ts";
import { createReloader } from "./reload.ts";

/** What the command line may say beside the policy. */
export interface StartOptions {
  readonly policyFile: string;
  readonly ports?: { readonly https?: number | false; readonly http?: number | false; readonly admin?: number | false };
  readonly host?: string;
  /** Where log lines go. */
  readonly logDescriptor?: 1 | 2;
  readonly logLevel?: "debug" | "info" | "warn" | "error";
}

/** A gateway that serves. */
export interface Running {
  readonly httpsPort: number | undefined;
  readonly httpPort: number | undefined;
  readonly adminPort: number | undefined;
  readonly policy: CompiledPolicy;
  /** The admin token, where the policy names none and one was made for this run. */
  readonly generatedAdminToken: string | undefined;
  /** Drains: no call in flight is lost. */
  stop(): Promise<void>;
}

/**
 * Puts the parts together and opens the ports: policy, secrets, identity, plan, gateway, listeners, admin, reload.
 * @throws HeadgateError when anything of it is not in order; nothing is left open then
 */
export async function startGateway(options: StartOptions): Promise<Running> {
  const loaded = await loadPolicy(options.policyFile);
  const { log: logOptions, listen: listening } = loaded.policy.parsed;
  let redactor = createRedactor([]);
  const log = createLog({
    level: options.logLevel ?? logOptions.level,
    allowed: logOptions.allowed,
    descriptor: options.logDescriptor ?? 1,
    redact: (text) => redactor.redact(text),
  });
  const { logger } = log;
  const delay = watchEventLoopDelay();
  const metrics = createMetrics();
  const lasting: LastingParts = {
    clock: systemClock,
    limiter: createMemoryLimiter({ clock: systemClock }),
    logger,
    eventLoopDelay: () => delay.current(),
  };
  let parts = await createPolicyParts(loaded.policy, lasting);
  redactor = createRedactor(parts.secrets.values());
  const gateway = createGateway(parts.plan, { clock: systemClock });
  const generatedAdminToken = loaded.policy.parsed.admin.token ? undefined : randomBytes(24).toString("base64url");
  const generated = generatedAdminToken === undefined ? undefined : new Secret("admin.token", generatedAdminToken);
  let transport = transportOf(loaded.policy);
  let draining = false;

  const listener = await listen(gateway, {
    host: options.host ?? listening.host,
    https: options.ports?.https ?? listening.https,
    http: options.ports?.http ?? listening.http,
    tls: await openTls(loaded.policy, logger),
    transport: () => transport,
    observe: (exchange) => {
      const event = toEvent(exchange, systemClock.now());
      metrics.record(event);
      log.record(event);
    },
  });
  const admin = await openAdminPort(listener);

  async function openAdminPort(opened: Listener): Promise<AdminServer | undefined> {
    const port = options.ports?.admin ?? listening.admin;
    if (port === false) return undefined;
    try {
      return await openAdmin({ host: listening.adminHost, port, metrics, token: adminToken, isReady });
    } catch (error) {
      await opened.drain();
      throw error;
    }
  }

  function adminToken(): Secret {
    const { token } = parts.plan.policy.parsed.admin;
    const secret = token ? parts.secrets.get(token.uri) : generated;
    return secret ?? new Secret("admin.token", randomBytes(24).toString("base64url"));
  }

  function isReady(): boolean {
    return !draining && parts.identity.state().ready && [...parts.upstreams.values()].every(({ circuit }) => circuit !== "open");
  }

  const reloader = createReloader(async () => {
    try {
      const next = await loadPolicy(options.policyFile);
      const nextParts = await createPolicyParts(next.policy, lasting);
      const previous = parts;
      parts = nextParts;
      redactor = createRedactor(parts.secrets.values());
      transport = transportOf(next.policy);
      gateway.swap(parts.plan);
      reloader.watchFiles(next.files);
      logger.info({ event: "policy.changed", routes: next.policy.routes.length }, "the new policy is in force");
      await previous.retire();
    } catch (error) {
      logger.error({ event: "policy.refused", reason: (error as Error).message }, "the policy stays as it was");
    }
  });
  reloader.watchFiles(loaded.files);
  logger.info({ event: "gateway.started", https: listener.httpsPort, http: listener.httpPort, unsafe: loaded.policy.parsed.unsafe });

  return {
    httpsPort: listener.httpsPort,
    httpPort: listener.httpPort,
    adminPort: admin?.port,
    policy: loaded.policy,
    generatedAdminToken,
    async stop() {
      draining = true;
      await reloader.close();
      await listener.drain();
      await admin?.close();
      await parts.retire();
      delay.close();
      logger.info({ event: "gateway.stopped" });
      log.flush();
    },
  };
}

function transportOf({ parsed }: CompiledPolicy): TransportOptions {
  return { limits: parsed.transport, trustedProxies: parsed.trustedProxies };
}

async function openTls({ site, parsed }: CompiledPolicy, logger: LastingParts["logger"]): Promise<TlsFiles | undefined> {
  const minVersion = parsed.unsafe.allowTls12 === undefined ? "TLSv1.3" : "TLSv1.2";
  const { certificate } = parsed.listen;
  if (certificate) {
    return openTlsFiles(certificate, minVersion, (error) => logger.error({ event: "certificate.refused", reason: error.message }));
  }
  if (parsed.listen.https === false) return undefined;
  if (["localhost", "127.0.0.1", "[::1]"].includes(site.hostname)) {
    return fixedTls(await createDevelopmentCertificate(site.hostname), minVersion);
  }
  throw new HeadgateError(
    "certificate-unreadable",
    `no certificate for ${site.host}: set listen: { certificate: { cert: "…", key: "…" } }, or listen: { https: false } behind a proxy that ends TLS`,
  );
}
