import { randomUUID } from "node:crypto";
import { connect } from "@nectr/db";
import { connectQueues } from "@nectr/queue";
import { z } from "zod";
import { everyRedisValue } from "./every-redis-value.ts";
import { everyRow } from "./every-row.ts";
import type { ReadPlace } from "./find-secrets.ts";
import { startWiretap, type Wiretap } from "./wiretap.ts";
import { startWholeSystem, type WholeSystem, type WholeSystemOptions } from "./whole-system.ts";

/** The services at their most talkative, with all that they print, answer, send to their stores and leave there. */
export interface WatchedSystem extends AsyncDisposable {
  readonly nectr: WholeSystem;
  /** Of auth: requests and answers, with their headers, a byte each character. */
  readonly auth: Wiretap;
  /** Stops the services, and reads all that has come to light, by where. */
  stopAndRead(): Promise<ReadPlace[]>;
  /**
   * Brings a text of 8 to 64 letters, digits, `-` and `_` to light.
   * @returns for each place a text that has to be found there now: this one, or one that is there of itself.
   */
  plant(text: string): Promise<ReadPlace[]>;
}

export async function startWatchedSystem(options: WholeSystemOptions): Promise<WatchedSystem> {
  await using cleanup = new AsyncDisposableStack();
  const taps = new Map<string, Wiretap>();
  const nectr = cleanup.use(
    await startWholeSystem({
      ...options,
      environment: { LOG_LEVEL: "trace", ...options.environment },
      collectOutput: true,
      async by(place, url) {
        const tap = cleanup.use(await startWiretap(url));
        taps.set(place, tap);
        return tap.url;
      },
    }),
  );
  const tapOf = (place: string): Wiretap => {
    const tap = taps.get(place);
    if (tap === undefined) throw new Error(`nothing reaches ${place}`);
    return tap;
  };
  const programs = { auth: nectr.auth, "webhook-ingest": nectr.ingest, "review-worker": nectr.worker };
  const redis = options.redisUrl === undefined ? undefined : tapOf("Redis");

  async function stopAndRead(): Promise<ReadPlace[]> {
    const metrics = await Promise.all(
      Object.entries(programs).map(async ([name, { url }]) => ({
        name: `the metrics of ${name}`,
        text: await (await fetch(`${url}/metrics`)).text(),
      })),
    );
    await Promise.all(Object.values(programs).map((program) => program.stop()));
    return [
      ...Object.entries(programs).map(([name, program]) => ({
        name: `the output of ${name}`,
        text: program.output(),
      })),
      ...["auth", "webhook-ingest"].map((name) => ({
        name: `the answers of ${name}`,
        text: tapOf(name).answered(),
      })),
      ...metrics,
      { name: "what PostgreSQL was sent", text: tapOf("PostgreSQL").sent() },
      ...(await tables()),
      ...(redis ? [{ name: "what Redis was sent", text: redis.sent() }] : []),
      ...(options.redisUrl ? [{ name: "Redis", text: await everyRedisValue(options.redisUrl) }] : []),
    ];
  }

  async function tables(): Promise<ReadPlace[]> {
    const byTable = Map.groupBy(await everyRow(nectr.db), ({ table }) => table);
    return [...byTable].map(([table, rows]) => ({
      name: `the table ${table}`,
      text: rows.flatMap(({ row }) => Object.values(row).map(textOf)).join("\n"),
    }));
  }

  async function plant(text: string): Promise<ReadPlace[]> {
    for (const url of [tapOf("auth").url, tapOf("webhook-ingest").url, nectr.worker.url]) {
      await fetch(`${url}/planted`, { headers: { "x-request-id": text } });
    }
    const databaseUrl = tapOf("PostgreSQL").url;
    const db = connect({ connectionString: databaseUrl, onError: console.error });
    const event = { event_id: randomUUID(), expires_at: new Date(Date.now() + 60_000) };
    await db
      .insertInto("event_keys")
      .values({ key: text, ...event })
      .execute();
    await db.destroy();
    await using queues = await connectQueues({ databaseUrl, redisUrl: redis?.url, onError: console.error });
    const job = z.object({ text: z.string() });
    const queue = { name: "planted", payload: job, jobId: () => "planted", attempts: 1, backoffMs: 1 };
    await queues.producer(queue).add({ text });
    const names = Object.keys(programs);
    return [
      ...names.map((name) => ({ name: `the output of ${name}`, text })),
      { name: "the answers of auth", text },
      { name: "the answers of webhook-ingest", text },
      ...names.map((name) => ({ name: `the metrics of ${name}`, text: `{service="${name}"}` })),
      { name: "what PostgreSQL was sent", text },
      { name: "the table event_keys", text },
      ...(redis ? ["what Redis was sent", "Redis"] : ["the table bullmq.job"]).map((name) => ({
        name,
        text,
      })),
    ];
  }

  const resources = cleanup.move();
  return {
    nectr,
    auth: tapOf("auth"),
    stopAndRead,
    plant,
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  };
}

/** A column's value as text. Bytes are text too, a payload's, or hashes. */
function textOf(value: unknown): string {
  if (typeof value === "string") return value;
  return Buffer.isBuffer(value) ? value.toString("latin1") : (JSON.stringify(value) ?? "");
}
