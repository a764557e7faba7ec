import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import {
  addressConfig,
  commonConfig,
  githubConfig,
  modelConfig,
  parseConfig,
  parsedWith,
  wholeNumber,
} from "@nectr/service";
import { z } from "zod";
import { parseRepositoryNames } from "./repository-names.ts";

/** The checkout: `.env` is read there, and data lies in `.nectr/` unless told otherwise. */
export const checkout = resolve(import.meta.dirname, "../../..");

const folder = { NECTR_DATA_DIR: z.string().default(join(checkout, ".nectr")) };

const shape = {
  ...folder,
  NECTR_PORT: commonConfig.PORT.default(8000),
  NECTR_REPOSITORIES: parsedWith(z.string(), parseRepositoryNames).default([]),
  DATABASE_URL: commonConfig.DATABASE_URL.optional(),
  REDIS_URL: commonConfig.REDIS_URL,
  SECRET_KEY: commonConfig.SECRET_KEY.optional(),
  BACKEND_URL: addressConfig.BACKEND_URL.unwrap().optional(),
  WEBHOOK_URL: z.string().optional(),
  GITHUB_URL: githubConfig.GITHUB_URL,
  GITHUB_CLIENT_ID: githubConfig.GITHUB_CLIENT_ID,
  GITHUB_CLIENT_SECRET: githubConfig.GITHUB_CLIENT_SECRET,
  GITHUB_PAT: githubConfig.GITHUB_PAT,
  POLL_SECONDS: wholeNumber(1, 3_600)
    .default(60)
    .describe("every how many seconds open pull requests are looked at, such as 60"),
  ...modelConfig,
};

/** What belongs to an installation of one's own. The demo, where it is asked for, takes none of it. */
const ofAnInstallation = new Set([
  "BACKEND_URL",
  "DATABASE_URL",
  "FRONTEND_URL",
  "GITHUB_API_URL",
  "GITHUB_CLIENT_ID",
  "GITHUB_CLIENT_SECRET",
  "GITHUB_PAT",
  "GITHUB_URL",
  "GITHUB_WEBHOOK_SECRET",
  "NECTR_REPOSITORIES",
  "REDIS_URL",
  "WEBHOOK_URL",
]);

/** What the launcher itself decides by; `environment` is what it hands on to the services. */
export interface LocalConfig extends Omit<z.output<z.ZodObject<typeof shape>>, "NECTR_DATA_DIR"> {
  readonly dataDir: string;
  readonly reset: boolean;
  /** The simulated GitHub is asked for, whatever is configured. */
  readonly demo: boolean;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/**
 * Reads `.env` (what the environment has already wins), the environment and the command line.
 * @throws ConfigError that names every problem.
 */
export function readConfig(args = process.argv.slice(2)): LocalConfig {
  const demo = args.includes("--demo");
  const all = readEnvironment();
  const environment = demo
    ? Object.fromEntries(Object.entries(all).filter(([name]) => !ofAnInstallation.has(name)))
    : all;
  const { NECTR_DATA_DIR, ...config } = parseConfig(shape, environment);
  return { ...config, dataDir: resolve(NECTR_DATA_DIR), reset: args.includes("--reset"), demo, environment };
}

/** The data folder alone, for a program that looks for the one that runs on it. @throws ConfigError */
export function readDataDir(): string {
  return resolve(parseConfig(folder, readEnvironment()).NECTR_DATA_DIR);
}

/** The environment, and what `.env` adds to it. */
export function readEnvironment(): NodeJS.ProcessEnv {
  const file = join(checkout, ".env");
  if (existsSync(file)) process.loadEnvFile(file);
  return process.env;
}

/** Of this process's environment, what a program needs besides variables of ours. */
export function inheritedEnvironment(): NodeJS.ProcessEnv {
  const { PATH, HOME, TMPDIR, SystemRoot } = process.env;
  return { PATH, HOME, TMPDIR, SystemRoot };
}
