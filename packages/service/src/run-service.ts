import { ConfigError, unsetEmptyVariables } from "./config.ts";
import { withDeadline } from "./deadline.ts";
import { ListenError } from "./http-server.ts";
import { createLogger, type LogOptions, type Logger } from "./logger.ts";

/** Orchestrators commonly kill 30 s after their SIGTERM; the stop must be over before. */
const defaultStopLimitMs = 25_000;

/** What a service's start is given, to hang what it opens on. */
export interface ServiceScope {
  /** What is acquired here is released when the service stops, the last one first. */
  readonly resources: AsyncDisposableStack;
  /** Aborted when the stop begins, so that a start still under way, or a long wait, can give up. */
  readonly signal: AbortSignal;
  /** Creates the service's logger, which from then on is also this frame's own. */
  createLogger(options: Omit<LogOptions, "service">): Logger;
}

export interface StartedService {
  /** Where it listens, told to the process that forked this one. */
  readonly port: number;
}

/**
 * The frame of every service's `main.ts`: starts it, tells a parent process that it is ready, and stops it on
 * SIGTERM, SIGINT, the end of the parent that forked it, or an uncaught error. The process then exits, with 0
 * after an orderly stop that was asked for, else with 1.
 *
 * What an operator can mend (configuration, a port in use) is printed as plain text, without a stack.
 */
export async function runService(
  name: string,
  start: (scope: ServiceScope) => Promise<StartedService>,
  { stopLimitMs = defaultStopLimitMs }: { stopLimitMs?: number } = {},
): Promise<void> {
  unsetEmptyVariables();
  const resources = new AsyncDisposableStack();
  const stopping = new AbortController();
  let logger = createLogger({ service: name, level: "info" });
  let exitCode = 0;

  /** The first call stops; a later one can only make the exit code worse. */
  async function stop(reason: string, code: 0 | 1): Promise<void> {
    exitCode = Math.max(exitCode, code);
    if (stopping.signal.aborted) return;
    stopping.abort();
    try {
      logger.info({ reason }, "stopping");
      await withDeadline(stopLimitMs, resources.disposeAsync());
      logger.info("stopped");
    } catch (error) {
      exitCode = 1;
      logger.error({ err: error }, "did not stop in order");
    }
    process.exit(exitCode);
  }

  for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, () => void stop(signal, 0));
  if (process.connected) process.on("disconnect", () => void stop("the parent process ended", 0));
  // Unhandled rejections come here too: Node raises them as uncaught exceptions.
  process.on("uncaughtException", (error, origin) => {
    logger.fatal({ err: error, origin }, "uncaught error");
    void stop(origin, 1);
  });

  try {
    const { port } = await start({
      resources,
      signal: stopping.signal,
      createLogger: (options) => (logger = createLogger({ service: name, ...options })),
    });
    if (process.connected) process.send?.({ kind: "ready", port });
    logger.info({ port }, "ready");
  } catch (error) {
    if (error instanceof ConfigError || error instanceof ListenError) {
      process.stderr.write(`${name}: ${error.message}\n`);
    } else if (!stopping.signal.aborted) {
      logger.fatal({ err: error }, "could not start");
    }
    await stop("could not start", 1);
  }
}
