import { Problem } from "@nectr/service";
import { type Arrival, type StoredEvent, toArrival } from "./arrival.ts";
import type { Delivery } from "./delivery.ts";
import type { Enqueuer } from "./enqueuer.ts";
import { type VerifyDeps, verifyDelivery } from "./verify-delivery.ts";

export interface ReceiveDeps extends VerifyDeps {
  readonly store: (arrival: Arrival) => Promise<StoredEvent>;
  readonly enqueuer: Pick<Enqueuer, "enqueue">;
  /** How long an answer may take, in milliseconds. */
  readonly answerLimitMs: number;
}

/**
 * Verifies a delivery and stores it. What is queued goes to the queue afterwards, so that neither Redis nor a worker is
 * on the answer's path.
 * @throws Problem 503 where it is not known to be stored in time: GitHub must see a failure, so that the delivery can be
 *   had again. Should it be stored after all, it is enqueued, and the next one is a duplicate.
 */
export async function receive(deps: ReceiveDeps, delivery: Delivery): Promise<StoredEvent> {
  const work = verifyAndStore(deps, delivery);
  const { promise: overdue, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => reject(new Error("The database did not answer in time")),
    deps.answerLimitMs,
  );
  try {
    return await Promise.race([work, overdue]);
  } catch (cause) {
    if (cause instanceof Problem) throw cause;
    throw new Problem({
      status: 503,
      code: "storage_unavailable",
      detail: "The event could not be stored. Deliver it again.",
      headers: { "retry-after": "30" },
      cause,
    });
  } finally {
    clearTimeout(timer);
  }
}

async function verifyAndStore(deps: ReceiveDeps, delivery: Delivery): Promise<StoredEvent> {
  const stored = await deps.store(toArrival(delivery, await verifyDelivery(deps, delivery)));
  if (stored.status === "queued") setImmediate(() => deps.enqueuer.enqueue(stored));
  return stored;
}
