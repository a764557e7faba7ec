import { type Server, createServer } from "node:http";
import { createApp } from "./app.ts";
import { seedDemo } from "./demo-seed.ts";
import { type Faults, createFaults } from "./faults.ts";
import { createDiffs } from "./git/diff.ts";
import {
  type HurriedWrite,
  type RequestLogEntry,
  type Violation,
  type WriteLogEntry,
  createLog,
} from "./log.ts";
import { type Operations, createOperations } from "./operations.ts";
import { viewerOf } from "./rest/authenticate.ts";
import { createRateLimits } from "./rest/rate-limit.ts";
import { sharedSchemaCheck } from "./schema/schema-check.ts";
import { openStore } from "./state/store.ts";
import { createWebhooks } from "./webhooks/webhooks.ts";
import { type World, createQueue } from "./world.ts";

export interface SimulatorOptions {
  /** Where everything is kept; a later simulator on the same folder finds it again. */
  readonly dataDir: string;
  /** 127.0.0.1 where it is not given. */
  readonly host?: string | undefined;
  /** 0, the default: any free port. */
  readonly port?: number | undefined;
  readonly clientId?: string | undefined;
  readonly clientSecret?: string | undefined;
  /** The OAuth app's setting: its tokens end after eight hours. As it was before where it is not given, off at first. */
  readonly expiringTokens?: boolean | undefined;
  /** Takes what a person should know, such as an error of the simulator's own. */
  readonly log?: ((line: string) => void) | undefined;
  /** Also holds every answer of the API against GitHub's schema; what is wrong becomes a violation. */
  readonly checkResponses?: boolean | undefined;
  /** Starts with the demo: octocat, hubot and octocat/shop. */
  readonly demo?: boolean | undefined;
}

export interface Simulator extends Operations {
  /** GITHUB_URL and GITHUB_API_URL alike. The API answers under `/api/v3` too. */
  readonly url: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly faults: Faults;
  requests(): readonly RequestLogEntry[];
  writes(): readonly WriteLogEntry[];
  /** Requests that break GitHub's schema or rules. */
  violations(): readonly Violation[];
  /** Writes that came faster than GitHub allows. */
  hurriedWrites(): readonly HurriedWrite[];
  /** Resolves when every delivery made so far was answered. */
  deliveriesSettled(): Promise<void>;
  close(): Promise<void>;
}

/** Starts a GitHub of one's own. Rejects where the port is taken or the data folder is damaged. */
export async function createSimulator(options: SimulatorOptions): Promise<Simulator> {
  const { dataDir, host = "127.0.0.1", port = 0 } = options;
  const now = () => new Date();
  const { clientId, clientSecret, expiringTokens } = options;
  const store = openStore(dataDir, { clientId, clientSecret, expiringTokens });
  const webhooks = createWebhooks(store, dataDir, now);
  const server = createServer();
  const world: World = {
    store,
    webhooks,
    dataDir,
    now,
    diffs: createDiffs(),
    url: `http://${host.includes(":") ? `[${host}]` : host}:${await listen(server, port, host)}`,
    oneAtATime: createQueue(),
  };
  const log = createLog();
  const faults = createFaults(now, (req) => viewerOf(world, req.headers)?.user.login);
  const simulator: Simulator = {
    ...createOperations(world),
    url: world.url,
    clientId: store.state.clientId,
    clientSecret: store.state.clientSecret,
    faults,
    requests: () => log.requests,
    writes: () => log.writes,
    violations: () => log.violations,
    hurriedWrites: () => log.hurried,
    deliveriesSettled: () => webhooks.settled(),
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await Promise.all([closed, webhooks.close()]);
    },
  };
  const onError = (error: unknown) =>
    options.log?.(error instanceof Error ? (error.stack ?? error.message) : String(error));
  const schema = sharedSchemaCheck();
  const limits = createRateLimits(now);
  const checkResponses = options.checkResponses ?? false;
  const demo = options.demo ? await seedDemo(world) : undefined;
  server.on(
    "request",
    createApp({ world, log, schema, limits, checkResponses, onError, faults, simulator, demo }),
  );
  return simulator;
}

async function listen(server: Server, port: number, host: string): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, resolve);
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the simulator listens on no port");
  return address.port;
}
