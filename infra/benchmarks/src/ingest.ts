import { once } from "node:events";
import { type Contender, type ContenderName, sender, startContenders } from "./contenders.ts";
import type { Load, LoadResult } from "./load.ts";
import { processorTime } from "./processor-time.ts";
import { type Program, startProgram } from "./program.ts";
import { startStores, type Stores } from "./stores.ts";

export interface IngestOptions {
  readonly rounds: number;
  /** Of each contender's turn. */
  readonly seconds: number;
}

/** Each figure a ratio or a count from this one run. */
export interface IngestFigures {
  readonly queue: "redis" | "postgres";
  /** Answered deliveries a second against a bare Express route with raw body and signature check. */
  readonly ratio_to_floor: number;
  readonly plain_ratio: number;
  readonly probot_ratio: number;
  readonly p99_ms_at_500_per_s: number;
  /** What was behind the answers at the end of a burst: until the queue held all of it. */
  readonly seconds_to_enqueue_after: number;
  /** Processor time of the service and its stores for one event, against the plain way's; null without /proc. */
  readonly cpu_per_event_to_plain: number | null;
  readonly postgres_bytes_per_event: number;
  readonly answered: number;
  /** Of those answered, how many are in the database: all. */
  readonly stored: number;
  readonly rounds: number;
}

interface Turn {
  readonly perSecond: number;
  readonly answered: number;
  /** Seconds from the last answer until the queue held all that was answered. */
  readonly enqueued: number;
  /** In microseconds. */
  readonly processor: number | undefined;
}

const connections = 50;

/** Sends to each in turn, round after round, so that what else the machine does falls on all of them. */
export async function benchIngest({ rounds, seconds }: IngestOptions): Promise<IngestFigures> {
  await using resources = new AsyncDisposableStack();
  const stores = resources.use(await startStores());
  const contenders = await startContenders(stores, resources);
  const load = resources.use(await startProgram(import.meta.resolve("./load.ts")));
  const ours = contenders.find(({ name }) => name === "ours");
  if (ours === undefined) throw new Error("The service is not among the contenders");

  let answered = 0;
  const turns: Record<ContenderName, Turn[]> = { floor: [], plain: [], ours: [], probot: [] };
  const latencies: number[] = [];
  // The first round warms up.
  for (let round = 0; round <= rounds; round += 1) {
    for (const contender of contenders) {
      const turn = await takeTurn(load, contender, stores, round === 0 ? Math.min(seconds, 1) : seconds);
      if (contender === ours) answered += turn.answered;
      if (round > 0) turns[contender.name].push(turn);
    }
    const steady = await send(load, { ...target(ours), seconds, connections, perSecond: 500 });
    answered += steady.answered;
    if (round > 0) latencies.push(percentile(steady.latencies, 0.99));
  }

  const stored = await countStored(stores);
  return {
    queue: stores.redisUrl === undefined ? "postgres" : "redis",
    ratio_to_floor: ratio(turns, "ours"),
    plain_ratio: ratio(turns, "plain"),
    probot_ratio: ratio(turns, "probot"),
    p99_ms_at_500_per_s: round2(median(latencies)),
    seconds_to_enqueue_after: round2(median(turns.ours.map((turn) => turn.enqueued))),
    cpu_per_event_to_plain: processorRatio(turns),
    postgres_bytes_per_event: await bytesPerEvent(stores),
    answered,
    stored,
    rounds,
  };
}

function target({ port }: Contender) {
  return { port, sender };
}

async function takeTurn(load: Program, contender: Contender, stores: Stores, seconds: number): Promise<Turn> {
  const pids = [contender.program.pid, ...(contender.stores ? stores.pids : [])];
  const before = processorTime(pids);
  const result = await send(load, { ...target(contender), seconds, connections });
  const enqueued = contender.name === "ours" ? await secondsToEnqueue(stores) : 0;
  const after = processorTime(pids);
  return {
    perSecond: result.answered / result.seconds,
    answered: result.answered,
    enqueued,
    processor: before === undefined || after === undefined ? undefined : (after - before) / result.answered,
  };
}

/** What is done behind the answers belongs to the turn as well. */
async function secondsToEnqueue({ query }: Stores): Promise<number> {
  const start = performance.now();
  const text =
    "select exists (select from webhook_events where enqueued_at is null and status = 'pending') as open";
  for (let tries = 0; tries < 200; tries += 1) {
    const [row] = await query<{ open: boolean }>(text);
    if (row?.open === false) return (performance.now() - start) / 1_000;
    // Rarely: looking through all events costs PostgreSQL time that would count as the service's.
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Error("The queue did not take what was stored");
}

async function send(load: Program, what: Load): Promise<LoadResult> {
  const answer = once(load.child, "message");
  load.child.send(what);
  const [result] = (await answer) as [LoadResult];
  if (result.refused > 0) throw new Error(`${result.refused} deliveries were refused`);
  return result;
}

async function countStored({ query }: Stores): Promise<number> {
  const text =
    "select count(*)::int as stored from webhook_events where status = 'pending' and payload is not null";
  const [row] = await query<{ stored: number }>(text);
  return row?.stored ?? 0;
}

/** Tables, their indexes and what is stored beside them, dead versions of rows included. */
async function bytesPerEvent({ query }: Stores): Promise<number> {
  const [row] = await query<{ bytes: number }>(`
    select ((pg_total_relation_size('webhook_events') + pg_total_relation_size('event_keys'))
      / (select count(*) from webhook_events))::int as bytes`);
  return row?.bytes ?? 0;
}

/** Of each round against the floor of the same round, and of those the median. */
function ratio(turns: Record<ContenderName, readonly Turn[]>, name: ContenderName): number {
  return round2(
    median(turns[name].map((turn, round) => turn.perSecond / (turns.floor[round]?.perSecond ?? NaN))),
  );
}

function processorRatio(turns: Record<ContenderName, readonly Turn[]>): number | null {
  const ratios = turns.ours.map(
    (turn, round) => (turn.processor ?? NaN) / (turns.plain[round]?.processor ?? NaN),
  );
  const result = round2(median(ratios));
  return Number.isNaN(result) ? null : result;
}

function median(values: readonly number[]): number {
  return percentile(
    values.toSorted((a, b) => a - b),
    0.5,
  );
}

function percentile(sorted: readonly number[], part: number): number {
  return sorted[Math.min(Math.floor(sorted.length * part), sorted.length - 1)] ?? NaN;
}

function round2(value: number): number {
  return Math.round(value * 100) / 100;
}
