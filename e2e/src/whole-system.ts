import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { generateFernetKey } from "@nectr/crypto";
import type { Db } from "@nectr/db";
import { createTestDatabase } from "@nectr/db/testing";
import { createSimulator, type Simulator } from "@nectr/github-simulator";
import { findFreePort, inheritedEnvironment, type Session, signIn } from "@nectr/local";
import { connectQueues } from "@nectr/queue";
import { inject } from "vitest";

const checkout = resolve(import.meta.dirname, "../..");

/** A service, running as the program that production runs. */
export interface RunningProgram {
  /** As a power failure does. */
  kill(): Promise<void>;
  /** As an operator does. @returns the exit code. */
  stop(): Promise<number | null>;
  start(): Promise<void>;
}

/** Nectr's three services as processes, on a database of their own, against a GitHub of their own. */
export interface WholeSystem extends AsyncDisposable {
  readonly db: Db;
  readonly simulator: Simulator;
  readonly authUrl: string;
  readonly webhookUrl: string;
  readonly worker: RunningProgram;
  readonly ingest: RunningProgram;
  signIn(login: string): Promise<Session>;
}

export interface WholeSystemOptions {
  /** Undefined: the queue is in PostgreSQL. */
  readonly redisUrl?: string | undefined;
  /** More variables for all of the services. */
  readonly environment?: Readonly<Record<string, string>>;
}

/** Locks and sweeps, shortened so that a test of a crash need not wait half a minute. */
const impatience = { JOB_LOCK_SECONDS: "2", SWEEP_SECONDS: "1" };

export async function startWholeSystem(options: WholeSystemOptions = {}): Promise<WholeSystem> {
  await using cleanup = new AsyncDisposableStack();
  const database = cleanup.use(await createTestDatabase(inject("postgresUrl")));
  const folder = mkdtempSync(join(tmpdir(), "nectr-e2e-"));
  cleanup.defer(() => rmSync(folder, { recursive: true, force: true }));
  const simulator = await createSimulator({ dataDir: folder, checkResponses: true });
  cleanup.defer(() => simulator.close());
  await prepareQueue(database.url, options.redisUrl);

  const [authPort, ingestPort] = [await findFreePort(), await findFreePort()];
  const authUrl = `http://127.0.0.1:${authPort}`;
  const webhookUrl = `http://127.0.0.1:${ingestPort}`;
  const environment = {
    ...inheritedEnvironment(),
    APP_ENV: "test",
    LOG_LEVEL: "warn",
    DATABASE_URL: database.url,
    ...(options.redisUrl !== undefined && { REDIS_URL: options.redisUrl }),
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
  const run = async (name: string, port: number) => {
    const program = await runProgram(`services/${name}/src/main.ts`, { ...environment, PORT: String(port) });
    cleanup.defer(() => program.kill());
    return program;
  };
  const [ingest, worker] = await Promise.all([
    run("webhook-ingest", ingestPort),
    run("review-worker", 0),
    run("auth", authPort),
  ]);
  const resources = cleanup.move();
  return {
    db: database.db,
    simulator,
    authUrl,
    webhookUrl,
    worker,
    ingest,
    signIn: (login) => signIn(authUrl, login),
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  };
}

/** Creates the queue's tables before three processes ask for them at once. */
async function prepareQueue(databaseUrl: string, redisUrl: string | undefined): Promise<void> {
  await using queues = await connectQueues({ databaseUrl, redisUrl, onError: console.error });
  await queues.ping();
}

async function runProgram(main: string, environment: NodeJS.ProcessEnv): Promise<RunningProgram> {
  let child: ChildProcess | undefined;
  const end = async (signal: NodeJS.Signals): Promise<number | null> => {
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) {
      return child?.exitCode ?? null;
    }
    const exited = once(child, "exit");
    child.kill(signal);
    await exited;
    return child.exitCode;
  };
  const program: RunningProgram = {
    kill: async () => void (await end("SIGKILL")),
    stop: () => end("SIGTERM"),
    async start() {
      child = fork(join(checkout, main), {
        cwd: checkout,
        env: environment,
        stdio: ["ignore", "inherit", "inherit", "ipc"],
      });
      const ended = once(child, "exit").then(([code]) => {
        throw new Error(`${main} ended with ${String(code)} before it was ready`);
      });
      await Promise.race([once(child, "message"), ended]);
      // From here on an end is the test's own doing.
      ended.catch(() => {});
    },
  };
  await program.start();
  return program;
}
