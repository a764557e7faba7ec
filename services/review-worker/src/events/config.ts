import { commonConfig, type Environment, parseConfig } from "@nectr/service";

const variables = { DATABASE_URL: commonConfig.DATABASE_URL, REDIS_URL: commonConfig.REDIS_URL };

/** Where the events are, and where the queue is. @throws ConfigError that names every problem */
export function readConfig(environment: Environment = process.env) {
  const { DATABASE_URL: databaseUrl, REDIS_URL: redisUrl } = parseConfig(variables, environment);
  return { databaseUrl, redisUrl };
}
