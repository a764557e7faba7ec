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
  const locks = connectLocks({ connectionString: config.databaseUrl, onError });
  resources.defer(() => locks.destroy());
  const app = createApp(createContext({ config, db, locks, logger, metrics: createMetrics("auth") }));
  return resources.use(await startHttpServer({ app, host: config.host, port: config.port }));
});
