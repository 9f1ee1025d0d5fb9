import { createKeepers } from "../identity/sessions/keepers.ts";
import { listen } from "../gateway/node/listen.ts";
import { type ExchangeEvent, toEvent } from "../monitor/event.ts";
import { createLog } from "../monitor/log.ts";
import { createMetrics } from "../monitor/metrics.ts";
import type { CompiledPolicy } from "../policy/compile.ts";
import { loadPolicy } from "../policy/load.ts";
import { createSanitizer } from "../sanitize/sanitizer.ts";
import { createMemoryLimiter } from "../state/memory.ts";
import { openAdmin } from "./admin.ts";
import { createCleanups } from "./cleanups.ts";
import { systemClock } from "./clock.ts";
import { watchEventLoopDelay } from "./event-loop-delay.ts";
import { type InForce, putInForce } from "./in-force.ts";
import { createReloader } from "./reload.ts";
import { tlsFor } from "./tls-for.ts";

type Port = number | false;

/** What the command line may say beside the policy. */
export interface StartOptions {
  readonly policyFile: string;
  readonly ports?: { readonly https?: Port; readonly http?: Port; readonly admin?: Port };
  readonly host?: string;
  /** Where log lines go: standard output, or standard error. */
  readonly logDescriptor?: 1 | 2;
  readonly logLevel?: "debug" | "info" | "warn" | "error";
  /** Is told every event as the log and the metrics are. It must be quick, and not throw. */
  observe?(event: ExchangeEvent): void;
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
 * Puts the parts together and opens the ports: policy, secrets, identity, plan, listeners, admin port, reload.
 * @throws HeadgateError when anything of it is not in order; nothing is left open then
 */
export async function startGateway(options: StartOptions): Promise<Running> {
  const readAt = Date.now();
  const { policy, files } = await loadPolicy(options.policyFile);
  const { listen: listening, log: logging, unsafe } = policy.parsed;
  const host = options.host ?? listening.host;
  const cleanups = createCleanups();
  try {
    const log = createLog({
      level: options.logLevel ?? logging.level,
      allowed: logging.allowed,
      descriptor: options.logDescriptor ?? 1,
      // Nothing is logged of exchanges before a policy is in force.
      redact: (text) => inForce.redact(text),
    });
    cleanups.add(() => log.flush());
    const delay = watchEventLoopDelay();
    cleanups.add(() => delay.close());
    const metrics = createMetrics();
    const sanitizer = createSanitizer({
      clock: systemClock,
      report: (loss) => log.logger.error(loss),
    });
    cleanups.add(() => sanitizer.close());
    const keepers = createKeepers();
    cleanups.add(() => keepers.close());
    const inForce: InForce = await putInForce(policy, {
      clock: systemClock,
      limiter: createMemoryLimiter({ clock: systemClock }),
      logger: log.logger,
      sanitizer,
      keepers,
      eventLoopDelay: () => delay.current(),
    });
    cleanups.add(() => inForce.retire());

    let draining = false;
    const adminPort = options.ports?.admin ?? listening.admin;
    const admin =
      adminPort === false
        ? undefined
        : await openAdmin({
            host: listening.adminHost,
            port: adminPort,
            metrics,
            token: () => inForce.adminToken(),
            isReady: () => !draining && inForce.isReady(),
          });
    cleanups.add(() => admin?.close());

    const listener = await listen(inForce.gateway, {
      host,
      https: options.ports?.https ?? listening.https,
      http: options.ports?.http ?? listening.http,
      tls: await tlsFor(policy, ({ message }) => log.logger.error({ event: "certificate.refused", reason: message })),
      transport: () => inForce.transport,
      observe: (exchange) => {
        const event = toEvent(exchange, systemClock.now());
        metrics.record(event);
        log.record(event);
        options.observe?.(event);
      },
    });
    cleanups.add(() => listener.drain());

    const reloader = createReloader(async () => {
      try {
        const readAt = Date.now();
        const next = await loadPolicy(options.policyFile);
        await inForce.replace(next.policy);
        reloader.watchFiles(next.files, readAt);
        log.logger.info({ event: "policy.changed", routes: next.policy.routes.length });
      } catch (error) {
        log.logger.error({ event: "policy.refused", reason: (error as Error).message }, "the policy stays as it was");
      }
    });
    reloader.watchFiles(files, readAt);
    cleanups.add(() => reloader.close());
    log.logger.info({ event: "gateway.started", https: listener.httpsPort, http: listener.httpPort, unsafe });

    return {
      httpsPort: listener.httpsPort,
      httpPort: listener.httpPort,
      adminPort: admin?.port,
      policy,
      generatedAdminToken: inForce.generatedAdminToken,
      stop() {
        draining = true;
        return cleanups.run();
      },
    };
  } catch (error) {
    await cleanups.run();
    throw error;
  }
}
