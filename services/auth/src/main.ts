import { connect } from "@nectr/db";
import { createMetrics, runService, startHttpServer } from "@nectr/service";
import { createApp } from "./app.ts";
import { readConfig } from "./config.ts";
import { createContext } from "./context.ts";

await runService("auth", async ({ resources, createLogger }) => {
  const config = readConfig();
  const logger = createLogger({ level: config.logLevel, pretty: config.development });
  const db = connect({
    connectionString: config.databaseUrl,
    onError: (error) => logger.warn({ err: error }, "an idle database connection broke"),
  });
  resources.defer(() => db.destroy());
  const app = createApp(createContext({ config, db, logger, metrics: createMetrics("auth") }));
  return resources.use(await startHttpServer({ app, host: config.host, port: config.port }));
});
