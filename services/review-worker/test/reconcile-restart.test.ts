import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createFernet, generateFernetKey, randomToken } from "@nectr/crypto";
import { connect } from "@nectr/db";
import { connectQueues } from "@nectr/queue";
import { createMetrics, type Metrics } from "@nectr/service";
import { sql } from "kysely";
import { afterEach, beforeEach, expect, inject, test } from "vitest";
import { startJobs } from "../src/jobs/start-jobs.ts";
import type { ReviewDeps } from "../src/worker-deps.ts";
import { type ReconciliationUnderTest, startReconciliation } from "./reconciliation-under-test.ts";

let open: AsyncDisposableStack;
let there: ReconciliationUnderTest;
beforeEach(async () => {
  open = new AsyncDisposableStack();
  there = open.use(await startReconciliation());
});
afterEach(async () => {
  expect(there.worker.simulator.violations()).toEqual([]);
  await open.disposeAsync();
});

/** The worker's own program. */
function startProgram(): ChildProcess {
  const { databaseUrl, secretKey, simulator } = there.worker;
  const child = fork(join(import.meta.dirname, "../src/main.ts"), {
    stdio: "ignore",
    env: {
      APP_ENV: "test",
      PORT: "0",
      DATABASE_URL: databaseUrl,
      SECRET_KEY: secretKey,
      GITHUB_URL: simulator.url,
      GITHUB_API_URL: simulator.url,
      SWEEP_SECONDS: "1",
    },
  });
  const exited = once(child, "exit");
  open.defer(async () => {
    child.kill("SIGKILL");
    await exited;
  });
  return child;
}

interface StartedWorker {
  readonly metrics: Metrics;
  /** That it logs, as they come. */
  readonly errors: readonly { err?: Error }[];
  stop(): Promise<void>;
}

/** The jobs of a worker in this process. */
async function start(more: Partial<ReviewDeps> = {}): Promise<StartedWorker> {
  const { databaseUrl, deps } = there.worker;
  const errors: { err?: Error }[] = [];
  const queues = open.use(await connectQueues({ databaseUrl, onError: () => {} }));
  const metrics = createMetrics("review-worker");
  const config = {
    concurrency: 2,
    bounds: { perRepository: 8, perUser: 12 },
    settleSeconds: 0,
    lockSeconds: 30,
    sweepSeconds: 0.2,
    pollSeconds: 60,
  };
  const logger = deps.logger.child({}, { level: "silent" });
  logger.error = (error: { err?: Error }) => void errors.push(error);
  const jobs = startJobs({ config, queues, metrics, review: { ...deps, logger, ...more } });
  open.defer(() => jobs.stop());
  return { metrics, errors, stop: () => jobs.stop() };
}

const reconciled = async () => (await there.repository()).reconciled_at !== null;

test("a worker that is killed in the middle is made up for by the next, and GitHub is asked for each delivery once", async () => {
  const { number } = await there.openPull();
  await there.worker.simulator.deliveriesSettled();
  there.receiver.mode = "down";
  await there.comment(there.worker.repository.fullName, number, 6);
  there.receiver.mode = "up";
  let asks = 0;
  const killed = startProgram();
  there.worker.simulator.faults.add({
    method: "POST",
    path: /attempts$/,
    effect: { kind: "latency", ms: 0 },
    onMeet() {
      asks += 1;
      if (asks === 3) killed.kill("SIGKILL");
    },
  });
  await once(killed, "exit");
  expect(await reconciled()).toBe(false);
  startProgram();
  await expect.poll(reconciled).toBe(true);
  const missing = (await there.stored()).filter(({ status }) => status === "ignored");
  expect(missing.length).toBeGreaterThanOrEqual(6);
  expect(there.asked()).toHaveLength(6);
  expect(new Set(there.asked()).size).toBe(6);
  const times = there.worker.simulator
    .requests()
    .flatMap(({ path, at }) => (path.endsWith("/attempts") ? [Date.parse(at)] : []));
  expect(Math.min(...times.slice(1).map((time, index) => time - (times[index] ?? 0)))).toBeGreaterThan(1_000);
});

test("a worker that starts looks at once for what it has missed, and counts it", async () => {
  there.receiver.mode = "down";
  await there.openPull();
  await there.worker.simulator.deliveriesSettled();
  there.receiver.mode = "up";
  await putOff();
  const { metrics } = await start();
  await expect
    .poll(() => metrics.registry.metrics())
    .toMatch(/nectr_deliveries_recovered_total\{by="redelivery".*\} 1\n/);
  await expect.poll(reconciled).toBe(true);
  await expect
    .poll(() => metrics.registry.metrics())
    .toMatch(/nectr_reconciliations_total\{outcome="complete".*\} [1-9]/);
});

test("a worker that starts shortly after another does not look again before five minutes have passed", async () => {
  const { stop } = await start();
  await expect.poll(reconciled).toBe(true);
  await stop();
  const { reconciled_at: first } = await there.repository();
  // By a key that opens nothing it is seen when the start is over.
  const fernet = createFernet([generateFernetKey()]);
  const { metrics } = await start({ accounts: { ...there.worker.deps.accounts, fernet } });
  await expect.poll(() => metrics.registry.metrics()).toMatch(/nectr_unreadable_secrets\{.*\} 1\n/);
  const soonest = new Date((first?.getTime() ?? 0) + 5 * 60_000);
  expect(await there.repository()).toMatchObject({ reconciled_at: first, reconcile_at: soonest });
});

test("a database that was away and is back calls for it at once", async () => {
  const { worker } = there;
  const server = connect({ connectionString: inject("postgresUrl"), onError: () => {} });
  open.defer(() => server.destroy());
  // The worker's own way in, so that it alone can be closed.
  const role = `nectr_${randomToken().replaceAll(/\W/g, "").toLowerCase()}`;
  await sql`create role ${sql.id(role)} superuser login password 'test'`.execute(server);
  open.defer(async () => void (await sql`drop role ${sql.id(role)}`.execute(server)));
  const url = new URL(worker.databaseUrl);
  Object.assign(url, { username: role, password: "test" });
  const db = connect({ connectionString: url.href, onError: () => {} });
  open.defer(() => db.destroy());
  const { errors } = await start({ db, accounts: { ...worker.deps.accounts, db, locks: db } });
  await expect.poll(reconciled).toBe(true);
  await worker.db
    .updateTable("repositories")
    .set({ reconciled_at: sql<Date>`now() - interval '10 minutes'` })
    .execute();
  expect((await there.repository()).reconcile_at.getTime()).toBeGreaterThan(Date.now() + 60_000);

  await sql`alter role ${sql.id(role)} nologin`.execute(server);
  await sql`select pg_terminate_backend(pid) from pg_stat_activity where usename = ${role}`.execute(server);
  // The schedule could not be renewed.
  await expect.poll(() => errors.some(({ err }) => err?.stack?.includes("start-jobs.ts"))).toBe(true);
  await sql`alter role ${sql.id(role)} login`.execute(server);
  await expect
    .poll(async () => (await there.repository()).reconciled_at?.getTime())
    .toBeGreaterThan(Date.now() - 60_000);
});

/** As if it was done a while ago, and would be again in half an hour. */
async function putOff(): Promise<void> {
  await there.worker.db
    .updateTable("repositories")
    .set({ reconcile_at: sql<Date>`now() + interval '30 minutes'`, reconciled_at: null })
    .execute();
}
