import { createFernet } from "@nectr/crypto";
import { connect, ping, requestReconciliation } from "@nectr/db";
import { connectQueues } from "@nectr/queue";
import { createMetrics, runService, startHttpServer } from "@nectr/service";
import { createApp } from "./app.ts";
import { readConfig } from "./config.ts";
import { createEnqueuer } from "./enqueuer.ts";
import { githubLimits } from "./read-body.ts";
import { createEventStore } from "./store-batch.ts";
import { createSecretStore } from "./webhook-secret-store.ts";

await runService("webhook-ingest", async ({ resources, createLogger }) => {
  const config = readConfig();
  const { databaseUrl, redisUrl } = config;
  const logger = createLogger({ level: config.logLevel, pretty: config.development });
  const onError = (error: Error) => logger.error({ err: error }, "connection lost");

  // Short, because GitHub waits: without a database the answer is 503, and GitHub can deliver the event again.
  const db = connect({
    connectionString: databaseUrl,
    connectTimeoutMs: 800,
    holdLimitMs: 5_000,
    prepare: true,
    onError,
  });
  resources.defer(() => db.destroy());
  // What GitHub could not deliver while nothing ran here is looked for at once. Without a database there is nothing to
  // ask, and the hourly look finds it.
  await requestReconciliation(db).catch(onError);
  const queues = resources.use(await connectQueues({ redisUrl, databaseUrl, onError }));
  const enqueuer = resources.use(createEnqueuer({ db, queues, logger }));

  const app = createApp({
    secrets: createSecretStore({ db, fernet: createFernet(config.secretKeys) }),
    globalSecret: config.globalSecret,
    store: createEventStore(db),
    enqueuer,
    answerLimitMs: 900,
    bodyLimits: githubLimits,
    logger,
    metrics: createMetrics("webhook-ingest"),
    ready: { database: () => ping(db) },
  });
  return resources.use(await startHttpServer({ app, host: config.host, port: config.port }));
});
