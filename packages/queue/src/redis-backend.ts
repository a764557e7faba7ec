import { Queue, Worker } from "bullmq";
import { Redis } from "ioredis";
import type { Backend } from "./backend.ts";
import { endsWithin } from "./deadline.ts";
import { QueueUnavailableError, toError } from "./errors.ts";

/** A start without Redis goes on after this: what is not queued stays pending in the database, and is swept later. */
const firstConnectMs = 2_000;

/** BullMQ's own grows to 20 s, which is then how long a Redis that is back stays unnoticed. */
const reconnectDelay = (times: number) => Math.min(100 * times, 1_000);

/**
 * A connection that owes an answer and has said nothing for so long is gone, though nobody was told; TCP itself would
 * wait a quarter of an hour. A worker waits for a job for 10 s at most, which has to be less.
 */
const silenceLimitMs = 15_000;

/**
 * Queues in Redis. Producers share one connection, which fails a command at once while Redis is away; each
 * worker has connections of its own, which wait for it to come back.
 */
export async function connectRedis(url: string, onError: (error: Error) => void): Promise<Backend> {
  const redis = new Redis(url, {
    enableOfflineQueue: false,
    maxRetriesPerRequest: 1,
    connectTimeout: 5_000,
    socketTimeout: silenceLimitMs,
    retryStrategy: reconnectDelay,
  });
  redis.on("error", onError);
  redis.on("ready", () => void warnOfEviction(redis, onError));
  await endsWithin(firstConnectMs, new Promise((resolve) => redis.once("ready", resolve)));

  return {
    kind: "redis",
    openQueue: (name, defaultJobOptions) => new Queue(name, { connection: redis, defaultJobOptions }),
    openWorker(name, process, options) {
      let abandoned = false;
      const retryStrategy = (times: number) => (abandoned ? null : reconnectDelay(times));
      const connection = {
        url,
        maxRetriesPerRequest: null,
        connectTimeout: 5_000,
        socketTimeout: silenceLimitMs,
        retryStrategy,
      };
      const worker = new Worker(name, process, { ...options, connection });
      return {
        worker,
        abandon() {
          // Connections that are down end at their next attempt; those that are up are cut here.
          abandoned = true;
          worker.disconnect().catch((error: unknown) => onError(toError(error)));
        },
      };
    },
    requireConnection() {
      if (redis.status !== "ready")
        throw new QueueUnavailableError(`Redis is not connected (${redis.status})`);
    },
    ping: async () => void (await redis.ping()),
    close: async () => redis.disconnect(),
  };
}

/** Under any other policy a full Redis drops jobs without a word. */
async function warnOfEviction(redis: Redis, onError: (error: Error) => void): Promise<void> {
  try {
    const policy = /maxmemory_policy:(\S+)/.exec(await redis.info("memory"))?.[1];
    if (policy === undefined || policy === "noeviction") return;
    onError(new Error(`Redis may drop jobs: its maxmemory-policy is ${policy}, and has to be noeviction`));
  } catch (error) {
    onError(toError(error));
  }
}
