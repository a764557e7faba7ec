import { hostname } from "node:os";
import { createAnalysers } from "@nectr/analysers";
import { createFernet } from "@nectr/crypto";
import { connect, connectLocks, ping } from "@nectr/db";
import { createReviewModel } from "@nectr/model";
import { connectQueues } from "@nectr/queue";
import { createMetrics, githubRequestMetrics, runService, startHttpServer } from "@nectr/service";
import { createApp } from "./app.ts";
import { readConfig } from "./config.ts";
import { startJobs } from "./jobs/start-jobs.ts";
import { createTextCache } from "./repository-texts.ts";

/** A review that waits and goes on asks for the same texts again. */
const textCacheBytes = 32_000_000;

await runService("review-worker", async ({ resources, createLogger }) => {
  const config = readConfig();
  const { databaseUrl, redisUrl, fallbackToken } = config;
  const logger = createLogger({ level: config.logLevel, pretty: config.development });
  const onError = (error: Error) => logger.error({ err: error }, "connection lost");
  // A review holds no connection while it waits; its claim's heartbeat and its stores need a few.
  const db = connect({
    connectionString: databaseUrl,
    maxConnections: config.concurrency + 4,
    // No transaction of its own outlives its claims.
    idleLimitMs: config.lockSeconds * 1_000,
    // What takes longer has lost its claim meanwhile.
    holdLimitMs: Math.max(10_000, config.lockSeconds * 1_000),
    onError,
  });
  resources.defer(() => db.destroy());
  const locks = connectLocks({ connectionString: databaseUrl, onError });
  resources.defer(() => locks.destroy());
  const queues = resources.use(await connectQueues({ redisUrl, databaseUrl, onError }));
  const metrics = createMetrics("review-worker");

  const github = { ...config.github, log: logger, onRequest: githubRequestMetrics(metrics) };
  const jobs = startJobs({
    config,
    queues,
    metrics,
    review: {
      db,
      accounts: { db, locks, fernet: createFernet(config.secretKeys), github, fallbackToken },
      analysers: resources.use(createAnalysers()),
      model: createReviewModel(config.model),
      budgets: config.budgets,
      lenses: config.lenses,
      keepQuestions: config.keepQuestions,
      texts: createTextCache({ maxBytes: textCacheBytes }),
      logger,
      holder: `${hostname()}/${process.pid}`,
      leaseSeconds: config.lockSeconds,
    },
  });
  resources.defer(() => jobs.stop());
  const ready = { database: () => ping(db), queue: () => queues.ping(), jobs: async () => jobs.check() };
  const app = createApp({ logger, metrics, ready });
  return resources.use(await startHttpServer({ app, host: config.host, port: config.port }));
});
