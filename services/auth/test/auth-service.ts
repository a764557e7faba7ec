import { generateFernetKey } from "@nectr/crypto";
import { connectLocks, type Db } from "@nectr/db";
import { createTestDatabase } from "@nectr/db/testing";
import { createSimulator, type Simulator } from "@nectr/github-simulator";
import { createLogger, createMetrics, type Environment, startHttpServer } from "@nectr/service";
import { mkdtemp, rm } from "node:fs/promises";
import type { RequestListener } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createApp } from "../src/app.ts";
import { type AuthConfig, readConfig } from "../src/config.ts";
import { type AuthContext, createContext, type Limits } from "../src/context.ts";
import { type Browser, openBrowser } from "./browser.ts";
import { type Conformance, readDescription } from "./conformance.ts";

/** The service as it runs, with a database and a GitHub of its own. */
export interface AuthService extends AsyncDisposable {
  readonly url: string;
  readonly config: AuthConfig;
  readonly context: AuthContext;
  readonly db: Db;
  readonly github: Simulator;
  /** What was logged, at the level of `debug`. */
  readonly log: readonly string[];
  /** Moves the service's clock forward. */
  pass(minutes: number): void;
  /** Its API as it describes it; every answer to a browser is held against that. */
  readonly description: Conformance;
  /** A browser in which nobody is signed in. */
  browser(): Browser;
  signedIn(login: string): Promise<Browser>;
}

/**
 * @param options.variables of the environment, in place of those that a test has
 * @param options.personal whose token is GITHUB_PAT, instead of an OAuth app
 */
export async function startAuthService(
  postgresUrl: string,
  {
    variables = {},
    limits = {},
    personal,
  }: { variables?: Environment; limits?: Partial<Limits>; personal?: string } = {},
): Promise<AuthService> {
  await using resources = new AsyncDisposableStack();
  const dataDir = await mkdtemp(join(tmpdir(), "nectr-auth-"));
  resources.defer(() => rm(dataDir, { recursive: true, force: true }));
  const github = resources.adopt(await createSimulator({ dataDir }), (simulator) => simulator.close());
  const database = resources.use(await createTestDatabase(postgresUrl));

  // The service has to know its address before it listens.
  let app: RequestListener | undefined;
  const server = resources.use(
    await startHttpServer({
      host: "127.0.0.1",
      port: 0,
      app: (request, response) => app?.(request, response),
    }),
  );
  const url = `http://127.0.0.1:${server.port}`;
  const credentials = personal === undefined ? oauthApp(github) : await tokenOf(github, personal);
  const config = readConfig({
    DATABASE_URL: database.url,
    SECRET_KEY: generateFernetKey(),
    BACKEND_URL: url,
    GITHUB_URL: github.url,
    GITHUB_API_URL: github.url,
    ...credentials,
    ...variables,
  });

  const openLocks = () =>
    resources.adopt(connectLocks({ connectionString: database.url, onError: () => {} }), (pool) =>
      pool.destroy(),
    );
  const log: string[] = [];
  let passedMs = 0;
  const context = createContext({
    pace: "none",
    config,
    db: database.db,
    locks: openLocks(),
    repositoryLocks: openLocks(),
    logger: createLogger({
      service: "auth",
      level: "debug",
      destination: { write: (line) => void log.push(line) },
    }),
    metrics: createMetrics("auth"),
    limits: { signIns: 1000, callbacks: 1000, installs: 1000, ...limits },
    clock: () => new Date(Date.now() + passedMs),
  });
  app = createApp(context);
  const description = await readDescription(url);

  const browser = () => openBrowser(url, description);
  const kept = resources.move();
  return {
    url,
    config,
    context,
    db: database.db,
    github,
    log,
    pass: (minutes) => (passedMs += minutes * 60_000),
    description,
    browser,
    async signedIn(login) {
      const own = browser();
      await own.signIn(login);
      return own;
    },
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}

function oauthApp({ clientId, clientSecret }: Simulator): Environment {
  return { GITHUB_CLIENT_ID: clientId, GITHUB_CLIENT_SECRET: clientSecret };
}

async function tokenOf(github: Simulator, login: string): Promise<Environment> {
  return { GITHUB_PAT: (await github.createUser({ login })).token };
}
