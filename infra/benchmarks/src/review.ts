import { randomUUID } from "node:crypto";
import { encryptToken } from "@nectr/accounts";
import { createFernet, generateFernetKey } from "@nectr/crypto";
import { connectQueues, reviewQueue } from "@nectr/queue";
import { peakMegabytes } from "./memory.ts";
import { processorTime } from "./processor-time.ts";
import { type Program, startProgram } from "./program.ts";
import { startStores, type Stores } from "./stores.ts";

/** A turn at one concurrency, of a worker in a process of its own. */
export interface ReviewFigures {
  readonly concurrency: number;
  readonly reviews: number;
  readonly reviews_per_second: number;
  /** Processor time of the worker and its analysers for one review, in milliseconds; null without /proc. */
  readonly own_ms_per_review: number | null;
  /** The most that each process had, in megabytes; null without /proc. */
  readonly worker_megabytes: number | null;
  /** Requests to GitHub for one review. */
  readonly github_reads_per_review: number;
  readonly github_writes_per_review: number;
  /** Calls of the model for one review, and what they sent, counted as budgets are. */
  readonly model_calls_per_review: number;
  readonly model_input_tokens_per_review: number;
}

const headSha = "0123456789abcdef0123456789abcdef01234567";
const warmUp = 10;

/**
 * Reviews of ten files with 200 added lines and a finding, by the analysers and a model, where GitHub and the model answer at once.
 * Each is of another user, so that none waits for GitHub's second between two writes.
 */
export async function benchReviews(
  turns: readonly { readonly concurrency: number; readonly reviews: number }[],
): Promise<ReviewFigures[]> {
  await using resources = new AsyncDisposableStack();
  const stores = resources.use(await startStores());
  const github = resources.use(await startProgram(import.meta.resolve("./servers/github.ts")));
  const model = resources.use(await startProgram(import.meta.resolve("./servers/model.ts")));
  const secretKey = generateFernetKey();
  const figures: ReviewFigures[] = [];
  for (const turn of turns) {
    await using worker = await startWorker(stores, {
      github,
      model,
      secretKey,
      concurrency: turn.concurrency,
    });
    await review(stores, secretKey, warmUp);
    const asked = await askedOf(github, model);
    const before = processorTime([worker.pid]);
    const start = performance.now();
    await review(stores, secretKey, turn.reviews);
    const seconds = (performance.now() - start) / 1_000;
    const after = processorTime([worker.pid]);
    const askedNow = await askedOf(github, model);
    const each = (name: keyof typeof asked) => round1((askedNow[name] - asked[name]) / turn.reviews);
    figures.push({
      ...turn,
      reviews_per_second: round1(turn.reviews / seconds),
      own_ms_per_review:
        before === undefined || after === undefined ? null : round1((after - before) / 1_000 / turn.reviews),
      worker_megabytes: peakMegabytes(worker.pid) ?? null,
      github_reads_per_review: each("reads"),
      github_writes_per_review: each("writes"),
      model_calls_per_review: each("calls"),
      model_input_tokens_per_review: each("tokens"),
    });
  }
  return figures;
}

/** What GitHub and the model were asked since they were started. */
async function askedOf(github: Program, model: Program) {
  const read = async ({ ready }: Program) =>
    (await fetch(`http://127.0.0.1:${String(ready["port"])}/asked`)).json() as Promise<
      Record<string, number>
    >;
  const { reads = 0, writes = 0 } = await read(github);
  const { calls = 0, tokens = 0 } = await read(model);
  return { reads, writes, calls, tokens };
}

interface WorkerSettings {
  readonly github: Program;
  readonly model: Program;
  readonly secretKey: string;
  readonly concurrency: number;
}

async function startWorker(
  { databaseUrl, redisUrl }: Stores,
  { github, model, secretKey, concurrency }: WorkerSettings,
): Promise<Program> {
  const githubUrl = `http://127.0.0.1:${String(github.ready["port"])}`;
  const modelUrl = `http://127.0.0.1:${String(model.ready["port"])}/v1`;
  return await startProgram(import.meta.resolve("../../../services/review-worker/src/main.ts"), [], {
    APP_ENV: "production",
    LOG_LEVEL: "warn",
    PORT: "0",
    DATABASE_URL: databaseUrl,
    SECRET_KEY: secretKey,
    GITHUB_URL: githubUrl,
    GITHUB_API_URL: githubUrl,
    GITHUB_CLIENT_ID: "benchmark",
    GITHUB_CLIENT_SECRET: "benchmark",
    OPENAI_BASE_URL: modelUrl,
    OPENAI_MODEL: "benchmark",
    WORKER_CONCURRENCY: String(concurrency),
    ...(redisUrl !== undefined && { REDIS_URL: redisUrl }),
  });
}

/** Enqueues so many reviews, and waits for their end. */
async function review(stores: Stores, secretKey: string, count: number): Promise<void> {
  const { databaseUrl, redisUrl } = stores;
  const eventIds = await storeEvents(stores, secretKey, count);
  await using queues = await connectQueues({
    databaseUrl,
    redisUrl,
    onError: (error) => console.error(error),
  });
  const producer = queues.producer(reviewQueue);
  await Promise.all(eventIds.map((eventId) => producer.add({ eventId })));
  for (;;) {
    const [row] = await stores.query<{ open: number; failed: number }>(
      `select count(*) filter (where status in ('pending', 'processing'))::int as open,
        count(*) filter (where status not in ('pending', 'processing', 'completed'))::int as failed
      from webhook_events where event_id = any($1)`,
      [eventIds],
    );
    if ((row?.failed ?? 0) > 0) throw new Error(`${row?.failed} reviews did not come to a good end`);
    if (row?.open === 0) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Each with a repository and a user of its own. */
async function storeEvents({ db }: Stores, secretKey: string, count: number): Promise<string[]> {
  const fernet = createFernet([secretKey]);
  const from = await db
    .selectFrom("repositories")
    .select((e) => e.fn.max("id").as("last"))
    .executeTakeFirst();
  const ids = Array.from({ length: count }, (_, index) => Number(from?.last ?? 0) + index + 1);
  const users = await db
    .insertInto("users")
    .values(
      ids.map((id) => ({
        github_id: id,
        login: `user-${id}`,
        encrypted_token: encryptToken(fernet, id, `token-${id}`),
        scopes: "repo",
      })),
    )
    .returning(["id", "github_id"])
    .execute();
  await db
    .insertInto("repositories")
    .values(ids.map((id) => ({ id, full_name: `bench/${id}`, private: false, default_branch: "main" })))
    .execute();
  await db
    .insertInto("installations")
    .values(users.map(({ id, github_id }) => ({ user_id: id, repository_id: github_id })))
    .execute();
  const events = await db
    .insertInto("webhook_events")
    .values(
      ids.map((id) => ({
        hook_id: id,
        delivery_guid: randomUUID(),
        event: "pull_request",
        action: "opened",
        repository_id: id,
        full_name: `bench/${id}`,
        number: 1,
        head_sha: headSha,
        status: "pending" as const,
      })),
    )
    .returning("event_id")
    .execute();
  return events.map(({ event_id }) => event_id);
}

function round1(value: number): number {
  return Math.round(value * 10) / 10;
}
