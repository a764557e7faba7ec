import { encryptToken } from "@nectr/accounts";
import { createFernet, generateFernetKey } from "@nectr/crypto";
import { connectQueues } from "@nectr/queue";
import { createMetrics, type Metrics } from "@nectr/service";
import { afterEach, beforeEach, expect, test } from "vitest";
import { startJobs } from "../src/jobs/start-jobs.ts";
import type { ReviewDeps } from "../src/worker-deps.ts";
import { injection } from "./changes.ts";
import { startWorker, type WorkerUnderTest } from "./worker-under-test.ts";

let open: AsyncDisposableStack;
let worker: WorkerUnderTest;
let metrics: Metrics;
beforeEach(async () => {
  open = new AsyncDisposableStack();
  worker = open.use(await startWorker());
});
afterEach(async () => {
  expect(worker.simulator.violations()).toEqual([]);
  await open.disposeAsync();
});

/** All jobs of a worker, with the queue in the database. @returns what stops them */
async function start({ sweepSeconds = 0.2, ...more }: Partial<ReviewDeps> & { sweepSeconds?: number } = {}) {
  const { databaseUrl } = worker;
  const queues = open.use(await connectQueues({ databaseUrl, onError: () => {} }));
  const config = {
    concurrency: 2,
    bounds: { perRepository: 8, perUser: 12 },
    settleSeconds: 0,
    lockSeconds: 30,
    sweepSeconds,
    pollSeconds: 1,
  };
  metrics = createMetrics("review-worker");
  const jobs = startJobs({ config, queues, metrics, review: { ...worker.deps, ...more } });
  open.defer(() => jobs.stop());
  return () => jobs.stop();
}

const reviewed = (number: number) => () =>
  worker.simulator.reviews(worker.repository.fullName, number).map(({ commitId }) => commitId);

test("a repository without a webhook is polled, and what is found is reviewed", async () => {
  await worker.db.updateTable("repositories").set({ polled: true }).execute();
  const first = await worker.push("change", { "src/change.js": injection });
  const number = await worker.open("change");
  await start({ sweepSeconds: 60 });
  await expect.poll(reviewed(number)).toEqual([first]);
  const second = await worker.push("change", { "src/more.js": injection });
  await expect.poll(reviewed(number)).toEqual([first, second]);
  expect(await metrics.registry.metrics()).toMatch(/nectr_polls_total\{outcome="changed".*\} 2/);
});

test("it is polled again and again, however often the schedule is renewed in between", async () => {
  await worker.db.updateTable("repositories").set({ polled: true }).execute();
  await start();
  await expect
    .poll(() => metrics.registry.metrics())
    .toMatch(/nectr_polls_total\{outcome="unchanged".*\} ([3-9]|\d\d)/);
});

test("a review that waits for a sign-in goes on with the next sweep after it", async () => {
  const { number, head, eventId } = await worker.opened(injection);
  const lift = worker.simulator.faults.add({ effect: { kind: "status", status: 401, when: "before" } });
  await start();
  await worker.db
    .updateTable("webhook_events")
    .set({ received_at: new Date(Date.now() - 10_000) })
    .execute();
  await expect
    .poll(() => worker.event(eventId))
    .toMatchObject({
      status: "pending",
      reason: expect.stringContaining("Sign in again"),
    });
  lift();
  // Without the sweep it would look again after a minute.
  await worker.db.updateTable("users").set({ token_state: "active", updated_at: new Date() }).execute();
  await expect.poll(reviewed(number)).toEqual([head]);
});

test("at its start a worker encrypts with the newest key what an older one encrypted", async () => {
  const [first, second, third] = [generateFernetKey(), generateFernetKey(), generateFernetKey()];
  const users = worker.db.selectFrom("users").select(["github_id", "encrypted_token"]);
  const { github_id: githubId } = await users.executeTakeFirstOrThrow();
  const encrypted_token = encryptToken(createFernet([first]), githubId, "gho_token");
  await worker.db.updateTable("users").set({ encrypted_token }).execute();
  const withKeys = (...keys: string[]) => ({
    accounts: { ...worker.deps.accounts, fernet: createFernet(keys) },
  });
  const isEncryptedWith = (key: string) => async () => {
    const { encrypted_token: stored } = await users.executeTakeFirstOrThrow();
    return createFernet([key]).encryptedWithFirstKey(stored ?? "");
  };
  const stop = await start(withKeys(second, first));
  await expect.poll(isEncryptedWith(second)).toBe(true);
  await stop();
  await start(withKeys(third, second));
  await expect.poll(isEncryptedWith(third)).toBe(true);
});

test("how many tokens no key opens is a metric", async () => {
  await start({ accounts: { ...worker.deps.accounts, fernet: createFernet([generateFernetKey()]) } });
  await expect
    .poll(() => metrics.registry.metrics())
    .toMatch(/nectr_unreadable_secrets\{service="review-worker"\} 1\n/);
});
