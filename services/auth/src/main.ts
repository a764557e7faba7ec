import { connect, connectLocks } from "@nectr/db";
import { createMetrics, runService, startHttpServer } from "@nectr/service";
import { createApp } from "./app.ts";
import { readConfig } from "./config.ts";
import { createContext } from "./context.ts";

await runService("auth", async ({ resources, createLogger }) => {
  const config = readConfig();
  const logger = createLogger({ level: config.logLevel, pretty: config.development });
  const onError = (error: Error) => logger.warn({ err: error }, "a database connection broke");
  const db = connect({ connectionString: config.databaseUrl, onError });
  resources.defer(() => db.destroy());
  const openLocks = () =>
    resources.adopt(connectLocks({ connectionString: config.databaseUrl, onError }), (pool) =>
      pool.destroy(),
    );
  const [locks, repositoryLocks] = [openLocks(), openLocks()];
  const app = createApp(
    createContext({ config, db, locks, repositoryLocks, logger, metrics: createMetrics("auth") }),
  );
  return resources.use(await startHttpServer({ app, host: config.host, port: config.port }));
});
