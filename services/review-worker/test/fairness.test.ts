import { randomToken } from "@nectr/crypto";
import type { ReviewModel } from "@nectr/model";
import { connectQueues, type QueueConnection } from "@nectr/queue";
import { startTestRedis } from "@nectr/queue/testing";
import { createMetrics } from "@nectr/service";
import { sql } from "kysely";
import { afterEach, beforeEach, describe, expect, inject, test } from "vitest";
import { enqueueEvents } from "../src/jobs/enqueue-events.ts";
import { startJobs } from "../src/jobs/start-jobs.ts";
import type { UnfinishedEvent } from "../src/sweep-store.ts";
import { answering } from "./answering-model.ts";
import { injection } from "./changes.ts";
import { startWorker, type WorkerUnderTest } from "./worker-under-test.ts";

describe("with the queue in PostgreSQL", () => tell(false));

describe.skipIf(inject("redisUrl") === undefined)("with the queue in Redis (needs redis-server)", () =>
  tell(true),
);

/** How many events of one repository wait. */
const many = 1_000;

function tell(inRedis: boolean): void {
  let open: AsyncDisposableStack;
  let worker: WorkerUnderTest;
  let redisUrl: string | undefined;
  let queues: QueueConnection;
  /** Reviews that wait for the model, each with what lets it go on. */
  let asked: (() => void)[];
  let model: ReviewModel;
  beforeEach(async () => {
    open = new AsyncDisposableStack();
    worker = open.use(await startWorker());
    redisUrl = inRedis ? open.use(await startTestRedis()).url : undefined;
    queues = await connectToQueues();
    asked = [];
    model = answering(undefined, async ({ kind }) => {
      if (kind === "review") await new Promise<void>((resolve) => asked.push(resolve));
    });
  });
  afterEach(async () => {
    for (const goOn of asked) goOn();
    await open.disposeAsync();
  });

  const connectToQueues = async () =>
    open.use(await connectQueues({ redisUrl, databaseUrl: worker.databaseUrl, onError: () => {} }));

  /** The jobs of a worker in this process. */
  async function start({ perRepository, concurrency }: { perRepository: number; concurrency: number }) {
    const jobs = startJobs({
      config: {
        concurrency,
        bounds: { perRepository, perUser: 100 },
        settleSeconds: 0,
        lockSeconds: 30,
        sweepSeconds: 1,
        pollSeconds: 60,
      },
      queues: await connectToQueues(),
      metrics: createMetrics("review-worker"),
      review: { ...worker.deps, leaseSeconds: 30, model },
    });
    open.defer(() => jobs.stop());
  }

  async function enqueue(...events: readonly string[]): Promise<void> {
    const found = await worker.db
      .selectFrom("webhook_events")
      .select(["event_id as eventId", "repository_id as repositoryId", "action"])
      .where("event_id", "in", events)
      .$narrowType<UnfinishedEvent>()
      .execute();
    await enqueueEvents({ db: worker.db, queues }, found);
  }

  /** Opens a pull request of the busy repository. @returns the event of it */
  async function openPull(branch: string): Promise<string> {
    const head = await worker.push(branch, { [`src/${branch}.js`]: injection });
    return await worker.receive(await worker.open(branch), head, "opened");
  }

  /** Stores so many more events of the busy repository, and enqueues them. */
  async function flood(): Promise<void> {
    const values = Array.from({ length: many }, (_, index) => ({
      hook_id: 1,
      delivery_guid: randomToken(),
      event: "pull_request",
      action: "opened",
      repository_id: worker.repository.id,
      full_name: worker.repository.fullName,
      number: 1_000 + index,
      head_sha: "a".repeat(40),
      status: "pending" as const,
    }));
    const rows = await worker.db.insertInto("webhook_events").values(values).returning("event_id").execute();
    await enqueue(...rows.map(({ event_id }) => event_id));
  }

  /** Opens a pull request of another repository, and enqueues its event. @returns its event */
  async function quietEvent(): Promise<string> {
    const { simulator, db } = worker;
    const { id, fullName } = await simulator.createRepository({
      owner: "octocat",
      name: "quiet",
      members: { hubot: "write" },
    });
    const change = { repository: fullName, message: "Change", author: "hubot" };
    await simulator.commit({ ...change, branch: "main", files: { "README.md": "# Quiet\n" } });
    const head = await simulator.commit({
      ...change,
      branch: "change",
      from: "main",
      files: { "a.js": injection },
    });
    await db
      .insertInto("repositories")
      .values({ id, full_name: fullName, private: false, default_branch: "main" })
      .execute();
    await sql`insert into installations (user_id, repository_id) select id, ${id} from users`.execute(db);
    const pull = { repository: fullName, head: "change", title: "A change", author: "hubot" };
    const eventId = await worker.receive((await simulator.openPullRequest(pull)).number, head, "opened");
    await db
      .updateTable("webhook_events")
      .set({ repository_id: id, full_name: fullName })
      .where("event_id", "=", eventId)
      .execute();
    await enqueue(eventId);
    return eventId;
  }

  const statusOf = async (eventId: string) => (await worker.event(eventId)).status;
  const running = async () =>
    (
      await worker.db
        .selectFrom("webhook_events")
        .select("event_id")
        .where("status", "=", "processing")
        .execute()
    ).map(({ event_id }) => event_id);

  test("a quiet repository's review is the next to begin, though thousands of another one's wait", async () => {
    const [first, second] = [await openPull("first"), await openPull("second")];
    await enqueue(first, second);
    await start({ perRepository: 8, concurrency: 2 });
    await expect.poll(() => asked.length).toBe(2);
    await flood();
    const quiet = await quietEvent();
    asked.shift()?.();
    await expect.poll(() => asked.length).toBe(2);
    expect(await statusOf(quiet)).toBe("processing");
  });

  test("a repository's bound leaves slots to others, and what is beyond it waits outside the queue", async () => {
    const pulls = [await openPull("first"), await openPull("second"), await openPull("third")];
    await enqueue(...pulls);
    await start({ perRepository: 2, concurrency: 2 });
    await start({ perRepository: 2, concurrency: 2 });
    await expect.poll(() => asked.length).toBe(2);
    await flood();
    const held = async () =>
      (await worker.db.selectFrom("webhook_events").select("event_id").where("held", "=", true).execute())
        .length;
    await expect.poll(held).toBe(many + 1);
    const quiet = await quietEvent();
    await expect.poll(() => asked.length).toBe(3);
    expect(await running()).toHaveLength(3);
    expect(await statusOf(quiet)).toBe("processing");

    // A place that is given back goes to the one that waited longest.
    const before = await running();
    for (const goOn of asked.splice(0)) goOn();
    await expect.poll(() => asked.length).toBe(1);
    const waited = pulls.find((eventId) => !before.includes(eventId)) ?? "";
    expect(await running()).toContain(waited);
    expect(await Promise.all(before.map(statusOf))).toEqual(["completed", "completed", "completed"]);
  });
}
