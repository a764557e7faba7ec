import { createGitHubClient, installWebhook } from "@nectr/github";
import { sql } from "kysely";
import { createReconcile, type Reconcile, type ReconcileDeps } from "../src/jobs/reconcile.ts";
import { injection } from "./changes.ts";
import { type Receiver, startReceiver } from "./receiver.ts";
import { startWorker, type WorkerUnderTest } from "./worker-under-test.ts";

/** Reconciliation on a GitHub whose webhooks go to a receiver that can be away. */
export interface ReconciliationUnderTest extends AsyncDisposable {
  readonly worker: WorkerUnderTest;
  readonly receiver: Receiver;
  /** Of the worker's repository. */
  readonly hookId: number;
  /** How each turn of a repository ended. */
  readonly outcomes: string[];
  readonly recovered: { redelivery: number; poll: number };
  /** Events that no delivery told of. */
  readonly enqueued: string[];
  /** As a further worker has one of its own. */
  create(more?: Partial<ReconcileDeps>): Reconcile;
  /** What a worker does by the clock, and all that comes of it at once. */
  turn(reconcile?: Reconcile): Promise<void>;
  /** The same for every repository, due or not. */
  turnOfAll(reconcile?: Reconcile): Promise<void>;
  turnAnHourLater(): Promise<void>;
  /** Until nothing is left to do before the next hour. */
  turnsUntilQuiet(): Promise<void>;
  /** What GitHub was asked to deliver again: paths of its API. */
  asked(): string[];
  stored(): Promise<StoredDelivery[]>;
  repository(fullName?: string): Promise<{
    reconcile_at: Date;
    reconciled_at: Date | null;
    delivery_cursor: string | null;
  }>;
  openPull(): Promise<{ number: number; head: string }>;
  /** A further repository with a webhook, of which the owner is connected, and a pull request in it. */
  addRepository(owner: string, name: string): Promise<{ fullName: string; number: number }>;
  /** So many deliveries of no consequence. */
  comment(fullName: string, number: number, times: number): Promise<void>;
}

interface StoredDelivery {
  readonly event_id: string;
  readonly hook_id: number;
  readonly action: string | null;
  readonly status: string;
}

const hourMs = 3_600_000;
const secret = "0123456789abcdef";

export async function startReconciliation(): Promise<ReconciliationUnderTest> {
  const open = new AsyncDisposableStack();
  const worker = open.use(await startWorker());
  const receiver = open.use(await startReceiver(worker.db));
  const { db, simulator, repository } = worker;
  const outcomes: string[] = [];
  const recovered = { redelivery: 0, poll: 0 };
  const enqueued: string[] = [];
  /** How far the worker's clock is ahead. */
  let ahead = 0;
  // GitHub's times are in whole seconds.
  await db
    .updateTable("installations")
    .set({ created_at: sql<Date>`now() - interval '1 day'` })
    .execute();
  const hookId = await addHook(repository.fullName);
  await simulator.deliveriesSettled();
  const usual = create();

  const test: ReconciliationUnderTest = {
    worker,
    receiver,
    hookId,
    outcomes,
    recovered,
    enqueued,
    create,
    async turn(reconcile = usual) {
      await reconcile(new AbortController().signal);
      await simulator.deliveriesSettled();
    },
    async turnOfAll(reconcile) {
      await db
        .updateTable("repositories")
        .set({ reconcile_at: sql<Date>`now()` })
        .execute();
      await test.turn(reconcile);
    },
    async turnAnHourLater() {
      ahead += hourMs;
      await test.turnOfAll();
    },
    async turnsUntilQuiet() {
      for (let before = -1; before !== outcomes.length;) {
        before = outcomes.length;
        await test.turn();
      }
    },
    asked: () =>
      simulator
        .requests()
        .filter(({ method, path }) => method === "POST" && path.endsWith("/attempts"))
        .map(({ path }) => path),
    stored: () =>
      db
        .selectFrom("webhook_events")
        .select(["event_id", "hook_id", "action", "status"])
        .where("event", "!=", "ping")
        .orderBy("event_id")
        .execute(),
    repository: (fullName = repository.fullName) =>
      db.selectFrom("repositories").selectAll().where("full_name", "=", fullName).executeTakeFirstOrThrow(),
    async openPull() {
      const head = await worker.push("change", { "src/change.js": injection });
      return { head, number: await worker.open("change") };
    },
    async addRepository(owner, name) {
      const { id, fullName } = await simulator.createRepository({ owner, name });
      const commit = { repository: fullName, message: "Change", author: owner };
      await simulator.commit({ ...commit, branch: "main", files: { "a.txt": "a" } });
      await simulator.commit({ ...commit, branch: "change", from: "main", files: { "a.txt": "b" } });
      await db
        .insertInto("repositories")
        .values({ id, full_name: fullName, private: false, default_branch: "main" })
        .execute();
      const user = db.selectFrom("users").select("id").where("login", "=", owner);
      if ((await user.executeTakeFirst()) === undefined) await worker.connect(owner);
      const { id: userId } = await user.executeTakeFirstOrThrow();
      await db.insertInto("installations").values({ user_id: userId, repository_id: id }).execute();
      await addHook(fullName);
      const pull = { repository: fullName, head: "change", title: "A change", author: owner };
      const { number } = await simulator.openPullRequest(pull);
      await simulator.deliveriesSettled();
      return { fullName, number };
    },
    async comment(fullName, number, times) {
      const [owner = ""] = fullName.split("/");
      const authorization = `token ${simulator.createToken(owner)}`;
      for (let count = 0; count < times; count += 1) {
        const answer = await fetch(`${simulator.url}/repos/${fullName}/issues/${number}/comments`, {
          method: "POST",
          headers: { authorization, "content-type": "application/json" },
          body: JSON.stringify({ body: `Remark ${count}` }),
        });
        if (!answer.ok) throw new Error(await answer.text());
      }
      await simulator.deliveriesSettled();
    },
    [Symbol.asyncDispose]: () => open.disposeAsync(),
  };
  return test;

  function create(more: Partial<ReconcileDeps> = {}): Reconcile {
    return createReconcile({
      ...worker.deps,
      now: () => new Date(Date.now() + ahead),
      enqueue: async (events) => void enqueued.push(...events.map(({ eventId }) => eventId)),
      onTurn: (outcome) => void outcomes.push(outcome),
      onRecovered: (by, events) => void (recovered[by] += events),
      ...more,
    });
  }

  async function addHook(fullName: string): Promise<number> {
    const [owner = "", name = ""] = fullName.split("/");
    const token = simulator.createToken(owner);
    const client = createGitHubClient({ apiUrl: simulator.url, token, userId: owner, pace: "none" });
    const settings = { url: receiver.url, secret, events: ["pull_request", "issue_comment"] };
    const id = await installWebhook(client, { owner, name }, settings);
    await db.updateTable("repositories").set({ hook_id: id }).where("full_name", "=", fullName).execute();
    return id;
  }
}
