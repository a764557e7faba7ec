import { parseSecretKeys } from "@nectr/crypto";
import { commonConfig, type Environment, githubConfig, parseConfig, parsedWith } from "@nectr/service";

const variables = {
  ...commonConfig,
  PORT: commonConfig.PORT.default(8001),
  SECRET_KEY: parsedWith(commonConfig.SECRET_KEY, parseSecretKeys),
  GITHUB_WEBHOOK_SECRET: githubConfig.GITHUB_WEBHOOK_SECRET,
};

/** Reads the environment. @throws ConfigError that names every problem */
export function readConfig(environment: Environment = process.env) {
  const read = parseConfig(variables, environment);
  return {
    development: read.APP_ENV === "development",
    logLevel: read.LOG_LEVEL,
    host: read.HOST,
    port: read.PORT,
    databaseUrl: read.DATABASE_URL,
    /** Undefined: the queue is in PostgreSQL. */
    redisUrl: read.REDIS_URL,
    /** Fernet keys: the first encrypts, all decrypt. */
    secretKeys: read.SECRET_KEY,
    /** Serves deliveries that name no hook of ours. */
    globalSecret: read.GITHUB_WEBHOOK_SECRET,
  };
}
