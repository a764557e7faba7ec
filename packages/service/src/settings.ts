import { z } from "zod";
import { defaultsTo, requiredWith } from "./config.ts";

// The variables that more than one service reads. A service spreads what it needs into its own shape:
//   parseConfig({ ...commonConfig, ...githubConfig, PORT: commonConfig.PORT.default(8001) }, process.env)

/** A number in decimal digits alone, from `least` to `most`: of text such as a variable's or a query parameter's. */
export function wholeNumber(least: number, most: number) {
  const error = `must be a whole number from ${least} to ${most}`;
  return z
    .string({ error })
    .regex(/^\d+$/, { error })
    .transform(Number)
    .refine((value) => value >= least && value <= most, { error });
}

const port = wholeNumber(0, 65_535).describe("a port from 1 to 65535, or 0 for any free one");

const baseUrl = z
  .url({ protocol: /^https?$/ })
  .transform((url) => url.replace(/\/+$/, ""))
  .describe("an address such as https://nectr.example.com");

const text = z.string();

/** Every process: where it listens, what it logs, its stores and its keys. */
export const commonConfig = {
  APP_ENV: z
    .enum(["development", "production", "test"])
    .default("development")
    .describe("development, production or test"),
  LOG_LEVEL: z
    .enum(["fatal", "error", "warn", "info", "debug", "trace", "silent"])
    .default("info")
    .describe("fatal, error, warn, info, debug, trace or silent"),
  PORT: port,
  HOST: text.default("127.0.0.1").describe("the address to listen on: 127.0.0.1, or 0.0.0.0 in a container"),
  DATABASE_URL: z
    .url({ protocol: /^postgres(ql)?$/ })
    .describe("PostgreSQL's address, such as postgres://nectr@localhost:5432/nectr"),
  REDIS_URL: z
    .url({ protocol: /^rediss?$/ })
    .optional()
    .describe("Redis's address, such as redis://localhost:6379, or leave it out to queue in PostgreSQL"),
  /** Text; a service parses it further with `parsedWith`. */
  SECRET_KEY: z
    .string()
    .min(1)
    .describe(
      "Fernet keys (32 random bytes as base64url), comma-separated, the first one encrypts. One is made by: " +
        `node -p "crypto.randomBytes(32).toString('base64url') + '='"`,
    ),
} as const;

/** The addresses under which people and GitHub reach this installation. */
export const addressConfig = {
  BACKEND_URL: baseUrl.default("http://localhost:8000"),
  WEBHOOK_URL: defaultsTo("BACKEND_URL", baseUrl.default("http://localhost:8000")),
  FRONTEND_URL: defaultsTo("BACKEND_URL", baseUrl.default("http://localhost:8000")),
} as const;

/** GitHub itself, and the ways in: an OAuth app, a personal token, a webhook secret for the whole installation. */
export const githubConfig = {
  GITHUB_URL: baseUrl.default("https://github.com"),
  GITHUB_API_URL: baseUrl.default("https://api.github.com"),
  GITHUB_CLIENT_ID: requiredWith("GITHUB_CLIENT_SECRET", text.optional()),
  GITHUB_CLIENT_SECRET: requiredWith("GITHUB_CLIENT_ID", text.optional()),
  GITHUB_PAT: text.optional(),
  GITHUB_WEBHOOK_SECRET: text.optional(),
} as const;

const decimal = /^\d{1,9}(\.\d{1,9})?$/;

const budget = z
  .string()
  .regex(decimal)
  .transform(Number)
  .refine((usd) => usd > 0)
  .optional()
  .describe("an amount of US dollars above 0, such as 5 or 0.50, or leave it out for no bound");

/** The parts of a list that is separated by commas. */
const list = z.string().transform((text) => text.split(",").map((part) => part.trim()));

/** One model, or several of which the next is asked where one has no answer. */
const models = list
  .refine((names) => !names.includes(""))
  .describe("a model's name, or several in the order in which they are asked, separated by commas");

const price = z
  .string()
  .refine((text) => text.split("/").length === 2 && text.split("/").every((usd) => decimal.test(usd)))
  .transform((text) => {
    const [input = 0, output = 0] = text.split("/").map(Number);
    return { input, output };
  });

/** One for each model, in their order; undefined where none is named between two commas. */
const prices = list.pipe(z.array(z.union([z.literal("").transform(() => undefined), price])));

/** The language models: Anthropic's, and those of any server that speaks OpenAI's protocol; and what they may cost. */
export const modelConfig = {
  ANTHROPIC_API_KEY: requiredWith("ANTHROPIC_BASE_URL", text.optional()),
  ANTHROPIC_MODEL: models.optional(),
  ANTHROPIC_BASE_URL: baseUrl.optional(),
  OPENAI_API_KEY: text.optional(),
  OPENAI_MODEL: requiredWith("OPENAI_BASE_URL", models.optional()),
  OPENAI_BASE_URL: baseUrl.optional(),
  MODEL_PRICE: prices
    .optional()
    .describe(
      "US dollars for a million tokens of input and of output, such as 2/10 (for several models: in their order, " +
        "separated by commas)",
    ),
  MODEL_BUDGET_PER_PULL_REQUEST: budget,
  MODEL_BUDGET_PER_REPOSITORY: budget,
  MODEL_BUDGET_PER_MONTH: budget,
  PARALLEL_REVIEW_AGENTS: z.stringbool().default(false).describe("true or false"),
} as const;
