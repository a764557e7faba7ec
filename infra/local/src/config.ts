import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { commonConfig, githubConfig, modelConfig, parseConfig } from "@nectr/service";
import { z } from "zod";

/** The checkout: `.env` is read there, and data lies in `.nectr/` unless told otherwise. */
export const checkout = resolve(import.meta.dirname, "../../..");

const shape = {
  NECTR_PORT: commonConfig.PORT.default(8000),
  NECTR_DATA_DIR: z.string().default(join(checkout, ".nectr")),
  DATABASE_URL: commonConfig.DATABASE_URL.optional(),
  REDIS_URL: commonConfig.REDIS_URL,
  SECRET_KEY: commonConfig.SECRET_KEY.optional(),
  BACKEND_URL: z.string().optional(),
  WEBHOOK_URL: z.string().optional(),
  GITHUB_CLIENT_ID: githubConfig.GITHUB_CLIENT_ID,
  GITHUB_CLIENT_SECRET: githubConfig.GITHUB_CLIENT_SECRET,
  ...modelConfig,
};

/** What the launcher itself decides by; `environment` is what it hands on to the services. */
export interface LocalConfig extends Omit<z.output<z.ZodObject<typeof shape>>, "NECTR_DATA_DIR"> {
  readonly dataDir: string;
  readonly reset: boolean;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/**
 * Reads `.env` (what the environment has already wins), the environment and the command line.
 * @throws ConfigError that names every problem.
 */
export function readConfig(args = process.argv.slice(2)): LocalConfig {
  const file = join(checkout, ".env");
  if (existsSync(file)) process.loadEnvFile(file);
  const { NECTR_DATA_DIR, ...config } = parseConfig(shape, process.env);
  return {
    ...config,
    dataDir: resolve(NECTR_DATA_DIR),
    reset: args.includes("--reset"),
    environment: process.env,
  };
}

/** Of this process's environment, what a program needs besides variables of ours. */
export function inheritedEnvironment(): NodeJS.ProcessEnv {
  const { PATH, HOME, TMPDIR, SystemRoot } = process.env;
  return { PATH, HOME, TMPDIR, SystemRoot };
}
