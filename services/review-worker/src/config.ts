import { parseSecretKeys } from "@nectr/crypto";
import { configuredModels, type ModelConfig, modelConfigOf } from "@nectr/model";
import {
  commonConfig,
  ConfigError,
  type Environment,
  githubConfig,
  modelConfig,
  parseConfig,
  parsedWith,
  wholeNumber,
} from "@nectr/service";
import { z } from "zod";
import type { Budgets } from "./stages/budget.ts";

const variables = {
  ...commonConfig,
  ...githubConfig,
  ...modelConfig,
  PORT: commonConfig.PORT.default(8002),
  SECRET_KEY: parsedWith(commonConfig.SECRET_KEY, parseSecretKeys),
  WORKER_CONCURRENCY: wholeNumber(1, 100).default(4).describe("how many reviews run at once, such as 4"),
  REVIEWS_PER_REPOSITORY: wholeNumber(1, 1_000)
    .default(8)
    .describe("how many reviews of one repository run at once, over all workers, such as 8"),
  REVIEWS_PER_USER: wholeNumber(1, 1_000)
    .default(12)
    .describe("how many reviews run at once with one user's token, over all workers, such as 12"),
  JOB_LOCK_SECONDS: wholeNumber(1, 3_600)
    .default(30)
    .describe("how many seconds a worker that vanished keeps its job and its pull request, such as 30"),
  KEEP_QUESTIONS: z.stringbool().default(false).describe("true or false"),
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
  const model = modelConfigOf(read);
  checkPrices(model);
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
    model,
    budgets: budgetsOf(read, model),
    /** Whether several questions look at each part of a diff, each for one kind of defect. */
    lenses: read.PARALLEL_REVIEW_AGENTS,
    /** Whether questions are kept with their answers, to be asked again of another model. They hold code. */
    keepQuestions: read.KEEP_QUESTIONS,
    /** Reviews at once in this process. */
    concurrency: read.WORKER_CONCURRENCY,
    /** Reviews at once, over all workers. */
    bounds: { perRepository: read.REVIEWS_PER_REPOSITORY, perUser: read.REVIEWS_PER_USER },
    /** Of pushes in a row the first is reviewed, and the last, which is the last after so long a pause. */
    settleSeconds: 5,
    /** How long a worker that vanished keeps its job and its pull request. */
    lockSeconds: read.JOB_LOCK_SECONDS,
    sweepSeconds: read.SWEEP_SECONDS,
    pollSeconds: read.POLL_SECONDS,
  };
}

type Read = ReturnType<typeof parseConfig<typeof variables>>;

/** @throws ConfigError where a price is of no model: prices and models are told apart by their order alone */
function checkPrices(model: ModelConfig): void {
  const models = configuredModels(model).length;
  const prices = model.prices?.length ?? 0;
  if (models === 0 || prices <= models) return;
  const message = `has ${prices} prices, but only ${models === 1 ? "one model is" : `${models} models are`} configured`;
  throw new ConfigError([{ name: "MODEL_PRICE", message }]);
}

/** @throws ConfigError where there is a budget that nobody could compute */
function budgetsOf(read: Read, model: ModelConfig): Budgets {
  const names = [
    "MODEL_BUDGET_PER_PULL_REQUEST",
    "MODEL_BUDGET_PER_REPOSITORY",
    "MODEL_BUDGET_PER_MONTH",
  ] as const;
  const budget = names.find((name) => read[name] !== undefined);
  const models = configuredModels(model);
  const unpriced = models.findIndex(({ price }) => price === undefined);
  if (budget !== undefined && unpriced !== -1) {
    const state =
      read.MODEL_PRICE === undefined
        ? `is not set, but ${budget} is`
        : `leaves one out, but ${budget} is set`;
    const which = models.length === 1 ? "the configured model" : `configured model ${unpriced + 1}`;
    const message =
      `${state}, and the price of ${which} is not known. ` +
      `Set it to ${modelConfig.MODEL_PRICE.description}, or to 0/0 where it costs nothing`;
    throw new ConfigError([{ name: "MODEL_PRICE", message }]);
  }
  return {
    pullRequestUsd: read.MODEL_BUDGET_PER_PULL_REQUEST,
    repositoryUsd: read.MODEL_BUDGET_PER_REPOSITORY,
    monthUsd: read.MODEL_BUDGET_PER_MONTH,
  };
}
