import { createConsumer } from "./consumer.ts";
import { answerWithin, endsWithin } from "./deadline.ts";
import { QueueUnavailableError } from "./errors.ts";
import { connectPostgres } from "./postgres-backend.ts";
import type { BullQueue } from "./backend.ts";
import { createProducer, jobOptionsOf } from "./producer.ts";
import type { Consumer, ConsumerOptions, Handler, Producer, Queue, QueueSettings } from "./queue.ts";
import { connectRedis } from "./redis-backend.ts";

const pingLimitMs = 1_000;
const closeLimitMs = 5_000;

export interface QueueConnectionOptions {
  /** Where it is given, jobs are in Redis; else in PostgreSQL. */
  readonly redisUrl?: string | undefined;
  readonly databaseUrl: string;
  readonly onError: (error: Error) => void;
}

/** A process's way to the queues. */
export interface QueueConnection extends AsyncDisposable {
  readonly backend: "redis" | "postgres";
  /** Costs nothing to ask for again. */
  producer<P>(queue: Queue<P>): Producer<P>;
  consumer<P>(queue: Queue<P>, handler: Handler<P>, options: ConsumerOptions<P>): Consumer;
  /** Rejects within a second when the backend does not answer. */
  ping(): Promise<void>;
  /** Stops consumers that were not stopped, without any grace, and closes the connections. Takes 5 s at most. */
  close(): Promise<void>;
}

/**
 * Connects to the backend. PostgreSQL must answer, as BullMQ's schema is brought up to date first. Redis need
 * not: what depends on it waits (consumers), or fails soon (producers), until it is there.
 */
export async function connectQueues(options: QueueConnectionOptions): Promise<QueueConnection> {
  const { redisUrl, databaseUrl, onError } = options;
  const backend = await (redisUrl ? connectRedis(redisUrl, onError) : connectPostgres(databaseUrl, onError));
  const opened = new Map<string, BullQueue>();
  const consumers: Consumer[] = [];
  let closed: Promise<void> | undefined;

  async function closeAll(): Promise<void> {
    await Promise.all(consumers.map((consumer) => consumer.stop(0)));
    await Promise.all([...opened.values()].map((bull) => bull.close()));
    await backend.close();
  }

  async function close(): Promise<void> {
    const work = closeAll();
    if (await endsWithin(closeLimitMs, work)) return work;
    // Whatever answers late answers nobody.
    work.catch(onError);
    onError(new QueueUnavailableError(`The queue did not close within ${closeLimitMs} ms`));
  }

  function openQueue(queue: QueueSettings): BullQueue {
    const known = opened.get(queue.name);
    if (known !== undefined) return known;
    const bull = backend.openQueue(queue.name, jobOptionsOf(queue));
    bull.on("error", onError);
    opened.set(queue.name, bull);
    return bull;
  }

  const closeOnce = () => (closed ??= close());
  return {
    backend: backend.kind,
    producer: (queue) => createProducer(backend, openQueue(queue), queue),
    consumer(queue, handler, consumerOptions) {
      const consumer = createConsumer(backend, queue, handler, consumerOptions);
      consumers.push(consumer);
      return consumer;
    },
    ping: () => answerWithin(pingLimitMs, backend.ping()),
    close: closeOnce,
    [Symbol.asyncDispose]: closeOnce,
  };
}
