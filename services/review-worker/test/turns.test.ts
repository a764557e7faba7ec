import { randomToken } from "@nectr/crypto";
import { connect, type Db } from "@nectr/db";
import { createTestDatabase, type TestDatabase } from "@nectr/db/testing";
import { sql } from "kysely";
import { afterEach, beforeEach, describe, expect, inject, test } from "vitest";
import { createTurns, type Turn, type Turns, type TurnsDeps } from "../src/jobs/turns.ts";
import { findUnfinishedEvents, removeExpired } from "../src/sweep-store.ts";

let open: AsyncDisposableStack;
let database: TestDatabase;
let enqueued: string[];
beforeEach(async () => {
  open = new AsyncDisposableStack();
  database = open.use(await createTestDatabase(inject("postgresUrl")));
  enqueued = [];
});
afterEach(() => open.disposeAsync());

function worker(deps: Partial<TurnsDeps> = {}): Turns {
  return createTurns({
    db: database.db,
    bounds: { perRepository: 2, perUser: 3 },
    leaseSeconds: 30,
    settleSeconds: 0,
    enqueue: async (events) => void enqueued.push(...events.map(({ eventId }) => eventId)),
    onError: (error) => expect(error).toBeUndefined(),
    ...deps,
  });
}

/** A pool of its own, as another process has. */
function ownPool(): Db {
  const db = connect({ connectionString: database.url, maxConnections: 3, onError: () => {} });
  open.defer(() => db.destroy());
  return db;
}

/** Stores events of as many pull requests. @returns their ids, in the order of their arrival */
async function store(repositoryId: number, count: number): Promise<string[]> {
  const values = Array.from({ length: count }, (_, index) => ({
    hook_id: repositoryId,
    delivery_guid: randomToken(),
    event: "pull_request",
    action: "opened",
    repository_id: repositoryId,
    full_name: `octocat/${repositoryId}`,
    number: index + 1,
    head_sha: "a".repeat(40),
    status: "pending" as const,
  }));
  const rows = await database.db.insertInto("webhook_events").values(values).returning("event_id").execute();
  return rows.map(({ event_id }) => event_id).toSorted();
}

let users = 0;
/** Connects a user to repositories. @returns its id */
async function connectUser(
  repositoryIds: readonly number[],
  tokenState?: "reconnect_needed",
): Promise<number> {
  users += 1;
  const { db } = database;
  for (const id of repositoryIds) {
    await db
      .insertInto("repositories")
      .values({ id, full_name: `octocat/${id}`, private: false, default_branch: "main" })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  }
  const user = { github_id: users, login: `user-${users}`, scopes: "repo", encrypted_token: "sealed" };
  const { id: user_id } = await db
    .insertInto("users")
    .values({ ...user, ...(tokenState && { token_state: tokenState }) })
    .returning("id")
    .executeTakeFirstOrThrow();
  await db
    .insertInto("installations")
    .values(repositoryIds.map((repository_id) => ({ user_id, repository_id })))
    .execute();
  return user_id;
}

async function beginAll(turns: Turns, eventIds: readonly string[]): Promise<Turn[]> {
  const begun: Turn[] = [];
  for (const eventId of eventIds) {
    const turn = await turns.begin(eventId);
    if (!("kind" in turn)) begun.push(turn);
  }
  return begun;
}

const end = async (turn: Turn | undefined) => await turn?.[Symbol.asyncDispose]();

/** As a review ends that is posted. */
async function complete(turn: Turn | undefined): Promise<void> {
  await database.db
    .updateTable("webhook_events")
    .set({ status: "completed" })
    .where("event_id", "=", turn?.event.event_id ?? "")
    .execute();
  await end(turn);
}

const ids = (turns: readonly Turn[]) => turns.map(({ event }) => event.event_id);
const held = async () =>
  (
    await database.db
      .selectFrom("webhook_events")
      .select("event_id")
      .where("held", "=", true)
      .where("status", "=", "pending")
      .orderBy("event_id")
      .execute()
  ).map(({ event_id }) => event_id);

describe("how many reviews run at once", () => {
  test("of one repository no more than its bound, however many workers begin at the same moment", async () => {
    const events = await store(1, 40);
    const workers = Array.from({ length: 4 }, () => worker({ db: ownPool() }));
    const begun = await Promise.all(events.map(async (eventId, n) => await workers[n % 4]?.begin(eventId)));
    expect(begun.filter((turn) => turn !== undefined && !("kind" in turn))).toHaveLength(2);
    expect(await held()).toHaveLength(38);
    for (const turn of begun) if (turn !== undefined && !("kind" in turn)) await end(turn);
  });

  test("of one user no more than theirs, over all repositories that their token serves", async () => {
    await connectUser([1, 2, 3]);
    await connectUser([3, 4]);
    const turns = worker();
    const begun = [];
    for (const repository of [1, 2, 3, 4]) begun.push(...(await beginAll(turns, await store(repository, 2))));
    // Two, then one to three; the third repository is the first user's too; the fourth has a user of its own.
    expect(begun.map(({ event }) => event.repository_id)).toEqual([1, 1, 2, 4, 4]);
    for (const turn of begun) await end(turn);
  });

  test("where a user has to sign in again, whoever stands in for them is counted", async () => {
    await connectUser([1, 2], "reconnect_needed");
    await connectUser([1]);
    await connectUser([2]);
    const turns = worker({ bounds: { perRepository: 2, perUser: 2 } });
    const begun = await beginAll(turns, [...(await store(1, 2)), ...(await store(2, 2))]);
    expect(begun).toHaveLength(4);
    for (const turn of begun) await end(turn);
  });

  test("a worker that vanished keeps its places for as long as its lease", async () => {
    const [first = "", second = "", third = ""] = await store(1, 3);
    const bounds = { perRepository: 1, perUser: 9 };
    const vanished = await worker({ bounds, leaseSeconds: 3_600 }).begin(first);
    const turns = worker({ bounds });
    expect(await turns.begin(second)).toEqual({ kind: "done" });
    expect(await turns.release(9)).toBe(0);
    await database.db
      .updateTable("review_places")
      .set({ expires_at: sql<Date>`now()` })
      .execute();
    expect(await turns.release(9)).toBe(1);
    expect(enqueued).toEqual([second]);
    const next = await beginAll(turns, [second, third]);
    expect(ids(next)).toEqual([second]);
    await removeExpired(database.db);
    expect(await database.db.selectFrom("review_places").select("event_id").execute()).toEqual([
      { event_id: second },
    ]);
    // Wherever the vanished one wakes, it gives back nothing that is not its own.
    if ("event" in vanished) await end(vanished);
    expect(await turns.begin(third)).toEqual({ kind: "done" });
    await end(next[0]);
  });

  test("the same event in another worker takes over its own place", async () => {
    const [event = ""] = await store(1, 1);
    const bounds = { perRepository: 1, perUser: 1 };
    const first = await beginAll(worker({ bounds }), [event]);
    const second = await beginAll(worker({ bounds }), [event]);
    expect(ids(second)).toEqual([event]);
    await end(first[0]);
    const [other = ""] = await store(1, 1);
    expect(await beginAll(worker({ bounds }), [other])).toEqual([]);
    await end(second[0]);
  });

  test("a review that runs keeps its place for longer than a lease", async () => {
    const [first = "", second = ""] = await store(1, 2);
    const turns = worker({ bounds: { perRepository: 1, perUser: 1 }, leaseSeconds: 1 });
    const begun = await beginAll(turns, [first]);
    const expiry = async () =>
      Number(
        (await database.db.selectFrom("review_places").select("expires_at").executeTakeFirst())?.expires_at,
      );
    const initially = await expiry();
    await expect.poll(expiry).toBeGreaterThan(initially + 1_000);
    expect(await beginAll(turns, [second])).toEqual([]);
    await end(begun[0]);
  });
});

describe("what waits for a place", () => {
  test("is out of the queue, and comes back one for one, the oldest first", async () => {
    const turns = worker();
    const events = await store(1, 6);
    const begun = await beginAll(turns, events.toReversed());
    expect(ids(begun)).toEqual(events.slice(4).toReversed());
    expect(await held()).toEqual(events.slice(0, 4));
    expect(await findUnfinishedEvents(database.db, 9)).not.toContainEqual(
      expect.objectContaining({ eventId: events[0] }),
    );
    await complete(begun[0]);
    expect(enqueued).toEqual([events[0]]);
    await complete(begun[1]);
    expect(enqueued).toEqual([events[0], events[1]]);
    for (const turn of await beginAll(turns, enqueued)) await end(turn);
  });

  test("of a user's repositories that of which the least run comes first", async () => {
    await connectUser([1, 2]);
    const turns = worker();
    const busy = await store(1, 4);
    const quiet = await store(2, 2);
    const begun = await beginAll(turns, [
      ...busy.slice(0, 2),
      quiet[0] ?? "",
      ...busy.slice(2),
      quiet[1] ?? "",
    ]);
    expect(ids(begun)).toEqual([...busy.slice(0, 2), quiet[0]]);
    await complete(begun[2]);
    expect(enqueued).toEqual([quiet[1]]);
    for (const turn of begun.slice(0, 2)) await end(turn);
  });

  test("so it is with those of several users", async () => {
    await connectUser([1]);
    const turns = worker();
    const [running = "", waiting = ""] = await store(1, 2);
    const [other = ""] = await store(2, 1);
    const begun = await beginAll(turns, [running]);
    await database.db
      .updateTable("webhook_events")
      .set({ held: true })
      .where("event_id", "in", [waiting, other])
      .execute();
    expect(await turns.release(1)).toBe(1);
    expect(enqueued).toEqual([other]);
    for (const turn of begun) await end(turn);
  });

  test("ten that end at once let ten come up", async () => {
    const bounds = { perRepository: 10, perUser: 10 };
    const workers = [worker({ bounds, db: ownPool() }), worker({ bounds, db: ownPool() })] as const;
    const events = await store(1, 25);
    const begun = [
      ...(await beginAll(workers[0], events.slice(0, 5))),
      ...(await beginAll(workers[1], events.slice(5))),
    ];
    await database.db
      .updateTable("webhook_events")
      .set({ status: "completed" })
      .where("event_id", "in", ids(begun))
      .execute();
    await Promise.all(begun.map(end));
    expect(enqueued.toSorted()).toEqual(events.slice(10, 20));
  });

  test("the sweep enqueues as many as there are places for, of each repository and each user", async () => {
    await connectUser([1, 2, 3]);
    const turns = worker();
    for (const repository of [1, 2, 3, 4]) await store(repository, 5);
    await database.db.updateTable("webhook_events").set({ held: true }).execute();
    expect(await turns.release(500)).toBe(5);
    const rows = await database.db
      .selectFrom("webhook_events")
      .select(["repository_id", "event_id"])
      .where("event_id", "in", enqueued)
      .orderBy("repository_id")
      .execute();
    expect(rows.map(({ repository_id }) => repository_id)).toEqual([1, 2, 3, 4, 4]);
  });

  test("one whose attempt failed stays in the queue, which counts, and the next place is left to it", async () => {
    const turns = worker({ bounds: { perRepository: 1, perUser: 9 } });
    const [first = "", failed = "", last = ""] = await store(1, 3);
    await database.db
      .updateTable("webhook_events")
      .set({ status: "processing", attempts: 1 })
      .where("event_id", "=", failed)
      .execute();
    const begun = await beginAll(turns, [first]);
    expect(await turns.begin(failed)).toMatchObject({ kind: "later" });
    expect(await turns.begin(last)).toEqual({ kind: "done" });
    await complete(begun[0]);
    expect(enqueued).toEqual([]);
    const next = await beginAll(turns, [failed]);
    expect(ids(next)).toEqual([failed]);
    await complete(next[0]);
    expect(enqueued).toEqual([last]);
  });

  test("one that comes back while its job is still leaving the queue is added once more", async () => {
    const turns = worker({ bounds: { perRepository: 1, perUser: 9 } });
    const [first = "", second = "", third = ""] = await store(1, 3);
    const begun = await beginAll(turns, [first, second, third]);
    await complete(begun[0]);
    expect(enqueued).toEqual([second]);
    // The queue had the job of the second still, and did not take it.
    turns.onJobGone(third);
    turns.onJobGone(second);
    await expect.poll(() => enqueued).toEqual([second, second]);
    turns.onJobGone(second);
    expect(await held()).toEqual([third]);
  });

  test("where the queue is away, the review that ended has ended, and the sweep enqueues the next", async () => {
    const errors: unknown[] = [];
    const turns = worker({
      bounds: { perRepository: 1, perUser: 9 },
      enqueue: () => Promise.reject(new Error("away")),
      onError: (error) => errors.push(error),
    });
    const [first = "", second = ""] = await store(1, 2);
    const begun = await beginAll(turns, [first, second]);
    await complete(begun[0]);
    expect(errors).toEqual([new Error("away")]);
    await database.db
      .updateTable("webhook_events")
      .set({ received_at: sql<Date>`now() - interval '1 minute'` })
      .execute();
    expect(await findUnfinishedEvents(database.db, 9)).toMatchObject([{ eventId: second }]);
  });
});
