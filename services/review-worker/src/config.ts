import { parseSecretKeys } from "@nectr/crypto";
import { defaultAnthropicModel, type ModelConfig } from "@nectr/model";
import {
  commonConfig,
  type Environment,
  githubConfig,
  modelConfig,
  parseConfig,
  parsedWith,
  wholeNumber,
} from "@nectr/service";

const variables = {
  ...commonConfig,
  ...githubConfig,
  ...modelConfig,
  PORT: commonConfig.PORT.default(8002),
  SECRET_KEY: parsedWith(commonConfig.SECRET_KEY, parseSecretKeys),
  WORKER_CONCURRENCY: wholeNumber(1, 100).default(4).describe("how many reviews run at once, such as 4"),
  JOB_LOCK_SECONDS: wholeNumber(1, 3_600)
    .default(30)
    .describe("how many seconds a worker that vanished keeps its job and its pull request, such as 30"),
  SWEEP_SECONDS: wholeNumber(1, 3_600)
    .default(15)
    .describe("every how many seconds events that the queue lost are looked for, such as 15"),
  POLL_SECONDS: wholeNumber(1, 3_600)
    .default(60)
    .describe(
      "every how many seconds repositories without a webhook are asked for pull requests, such as 60",
    ),
};

export type Config = ReturnType<typeof readConfig>;

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
    github: {
      githubUrl: read.GITHUB_URL,
      apiUrl: read.GITHUB_API_URL,
      clientId: read.GITHUB_CLIENT_ID,
      clientSecret: read.GITHUB_CLIENT_SECRET,
    },
    /** Serves repositories that nobody connected. */
    fallbackToken: read.GITHUB_PAT,
    model: modelOf(read),
    /** Reviews at once in this process. */
    concurrency: read.WORKER_CONCURRENCY,
    /** How long a worker that vanished keeps its job and its pull request. */
    lockSeconds: read.JOB_LOCK_SECONDS,
    sweepSeconds: read.SWEEP_SECONDS,
    pollSeconds: read.POLL_SECONDS,
  };
}

type Read = ReturnType<typeof parseConfig<typeof variables>>;

function modelOf({
  ANTHROPIC_API_KEY,
  ANTHROPIC_MODEL,
  ANTHROPIC_BASE_URL,
  OPENAI_API_KEY,
  OPENAI_MODEL,
  OPENAI_BASE_URL,
}: Read): ModelConfig {
  return {
    ...(ANTHROPIC_API_KEY !== undefined && {
      anthropic: {
        apiKey: ANTHROPIC_API_KEY,
        model: ANTHROPIC_MODEL ?? defaultAnthropicModel,
        ...(ANTHROPIC_BASE_URL !== undefined && { baseUrl: ANTHROPIC_BASE_URL }),
      },
    }),
    ...(OPENAI_BASE_URL !== undefined &&
      OPENAI_MODEL !== undefined && {
        openai: {
          baseUrl: OPENAI_BASE_URL,
          model: OPENAI_MODEL,
          ...(OPENAI_API_KEY !== undefined && { apiKey: OPENAI_API_KEY }),
        },
      }),
  };
}
