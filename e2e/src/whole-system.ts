import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { generateFernetKey } from "@nectr/crypto";
import type { Db } from "@nectr/db";
import { createTestDatabase } from "@nectr/db/testing";
import { createSimulator, type Simulator } from "@nectr/github-simulator";
import { findFreePort, inheritedEnvironment, type Session, signIn } from "@nectr/local";
import { connectQueues } from "@nectr/queue";
import { inject } from "vitest";
import { type Environment, type RunningProgram, runProgram } from "./running-program.ts";

/** Nectr's three services as processes, on a database of their own, against a GitHub of their own. */
export interface WholeSystem extends AsyncDisposable {
  readonly db: Db;
  readonly simulator: Simulator;
  readonly authUrl: string;
  readonly webhookUrl: string;
  readonly auth: RunningProgram;
  readonly ingest: RunningProgram;
  readonly worker: RunningProgram;
  /** Starts a worker beside the first. @param changes variables of its own. */
  addWorker(changes?: Environment): Promise<RunningProgram>;
  signIn(login: string): Promise<Session>;
  /** Stops all of the services in order, and starts them again. @param changes variables that are different now. */
  restart(changes: Environment): Promise<void>;
}

/** What the services and GitHub reach by an address. */
export type Place = "PostgreSQL" | "Redis" | "auth" | "webhook-ingest";

export interface WholeSystemOptions {
  /** Undefined: the queue is in PostgreSQL. */
  readonly redisUrl?: string | undefined;
  /** More variables for all of the services; one that is undefined is left out. */
  readonly environment?: Environment;
  /** The secret of the OAuth app; random where it is not given. */
  readonly clientSecret?: string;
  /** Keeps what the services print to `output()`, and off the screen. */
  readonly collectOutput?: boolean;
  /** Puts something between a place and whoever reaches it. @returns the address to reach it by. */
  readonly by?: (place: Place, url: string) => Promise<string>;
}

/** Locks and sweeps, shortened so that a test of a crash need not wait half a minute. */
const impatience = { JOB_LOCK_SECONDS: "2", SWEEP_SECONDS: "1" };

export async function startWholeSystem(options: WholeSystemOptions = {}): Promise<WholeSystem> {
  const { redisUrl, clientSecret, collectOutput = false, by = async (_place, url) => url } = options;
  await using cleanup = new AsyncDisposableStack();
  const database = cleanup.use(await createTestDatabase(inject("postgresUrl")));
  const folder = mkdtempSync(join(tmpdir(), "nectr-e2e-"));
  cleanup.defer(() => rmSync(folder, { recursive: true, force: true }));
  const simulator = await createSimulator({ dataDir: folder, checkResponses: true, clientSecret });
  cleanup.defer(() => simulator.close());
  await prepareQueue(database.url, redisUrl);

  const [authPort, ingestPort] = [await findFreePort(), await findFreePort()];
  const authUrl = await by("auth", `http://127.0.0.1:${authPort}`);
  const webhookUrl = await by("webhook-ingest", `http://127.0.0.1:${ingestPort}`);
  const environment = {
    ...inheritedEnvironment(),
    APP_ENV: "test",
    LOG_LEVEL: "warn",
    DATABASE_URL: await by("PostgreSQL", database.url),
    ...(redisUrl !== undefined && { REDIS_URL: await by("Redis", redisUrl) }),
    SECRET_KEY: generateFernetKey(),
    BACKEND_URL: authUrl,
    WEBHOOK_URL: webhookUrl,
    GITHUB_URL: simulator.url,
    GITHUB_API_URL: simulator.url,
    GITHUB_CLIENT_ID: simulator.clientId,
    GITHUB_CLIENT_SECRET: simulator.clientSecret,
    ...impatience,
    ...options.environment,
  };
  const running = cleanup.use(new AsyncDisposableStack());
  const run = async (name: string, port: number, changes: Environment = {}) => {
    const program = await runProgram(`services/${name}/src/main.ts`, {
      environment: { ...environment, PORT: String(port), ...changes },
      collectOutput,
    });
    running.defer(() => program.kill());
    return program;
  };
  const programs = await Promise.all([
    run("auth", authPort),
    run("webhook-ingest", ingestPort),
    run("review-worker", 0),
  ]);
  const [auth, ingest, worker] = programs;
  const resources = cleanup.move();
  return {
    db: database.db,
    simulator,
    authUrl,
    webhookUrl,
    auth,
    ingest,
    worker,
    addWorker: (changes) => run("review-worker", 0, changes),
    signIn: (login) => signIn(authUrl, login),
    async restart(changes) {
      await Promise.all(programs.map((program) => program.stop()));
      await Promise.all(programs.map((program) => program.start(changes)));
    },
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  };
}

/** Creates the queue's tables before three processes ask for them at once. */
async function prepareQueue(databaseUrl: string, redisUrl: string | undefined): Promise<void> {
  await using queues = await connectQueues({ databaseUrl, redisUrl, onError: console.error });
  await queues.ping();
}
