import { z } from "zod";

const configSchema = z.object({
  PORT: z.coerce.number().int().min(0).max(65_535).default(8010),
  HOST: z.string().default("127.0.0.1"),
  NECTR_SIMULATOR_DIR: z.string().min(1),
  NECTR_SIMULATOR_DEMO: z.enum(["0", "1"]).default("0"),
  GITHUB_CLIENT_ID: z.string().min(1).optional(),
  GITHUB_CLIENT_SECRET: z.string().min(1).optional(),
});

interface SimulatorConfig {
  readonly port: number;
  readonly host: string;
  readonly dataDir: string;
  readonly demo: boolean;
  readonly clientId: string | undefined;
  readonly clientSecret: string | undefined;
}

/** Reads the program's settings; an empty variable counts as unset. Throws an error that names every problem. */
export function readConfig(
  environment: Readonly<Record<string, string | undefined>> = process.env,
): SimulatorConfig {
  const set = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ""));
  const parsed = configSchema.safeParse(set);
  if (!parsed.success) throw new Error(`bad configuration: ${z.prettifyError(parsed.error)}`);
  return {
    port: parsed.data.PORT,
    host: parsed.data.HOST,
    dataDir: parsed.data.NECTR_SIMULATOR_DIR,
    demo: parsed.data.NECTR_SIMULATOR_DEMO === "1",
    clientId: parsed.data.GITHUB_CLIENT_ID,
    clientSecret: parsed.data.GITHUB_CLIENT_SECRET,
  };
}

/** This process's own environment, for the programs that a test starts. */
export function processEnvironment(): NodeJS.ProcessEnv {
  return process.env;
}

/**
 * The environment in which git runs: only what it needs to be found, and none of the machine's or the user's
 * git settings, so that a diff looks the same everywhere. `safe.directory` is given here because git honours
 * it only from a protected place.
 */
export function gitEnvironment(extra: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
  const { PATH, SystemRoot, TMPDIR, TEMP } = process.env;
  const kept = Object.entries({ PATH, SystemRoot, TMPDIR, TEMP }).filter(([, value]) => value !== undefined);
  return {
    ...Object.fromEntries(kept),
    LC_ALL: "C",
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_CONFIG_GLOBAL: process.platform === "win32" ? "NUL" : "/dev/null",
    GIT_TERMINAL_PROMPT: "0",
    GIT_CONFIG_COUNT: "1",
    GIT_CONFIG_KEY_0: "safe.directory",
    GIT_CONFIG_VALUE_0: "*",
    ...extra,
  };
}
