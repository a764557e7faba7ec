import type { Db } from "@nectr/db";
import { type Arrival, storedAs, type StoredEvent } from "./arrival.ts";
import { malformed } from "./delivery.ts";
import { insertNew, insertPlanned, lookUp } from "./event-batch-store.ts";
import { storeEvent } from "./event-store.ts";
import { createGroups } from "./group.ts";
import { allDiffer, planBatch, type Step } from "./plan-batch.ts";

/** Stores arrivals, each once, and resolves when they are durable. Those that come together share a transaction. */
export function createEventStore(db: Db): (arrival: Arrival) => Promise<StoredEvent> {
  return createGroups((arrivals) => storeBatch(db, arrivals), 64);
}

/**
 * Most batches are new in every respect, and are stored by one statement, which fails where one is not. Then it is
 * look, decide, write. What the plan leaves, and all of it where another process was quicker or a row can't be stored,
 * goes one by one, each in a transaction of its own, so that none fails with its neighbour.
 * @returns a promise for each, in their order; rejects where the database is out of reach.
 */
async function storeBatch(
  db: Db,
  arrivals: readonly Arrival[],
): Promise<(StoredEvent | Promise<StoredEvent>)[]> {
  const asNew = allDiffer(arrivals) ? await unlessRefused(() => insertNew(db, arrivals)) : undefined;
  if (asNew !== undefined) return arrivals.map((arrival, index) => storedAs(asNew[index] ?? "", arrival));

  const steps = await unlessRefused(() => storePlanned(db, arrivals));
  const results: Promise<StoredEvent>[] = [];
  for (const [index, arrival] of arrivals.entries()) {
    const step = steps?.[index];
    const stored = step === undefined || step.kind === "alone" ? storeAlone(db, arrival) : step.stored;
    results.push(Promise.resolve(stored));
    // In the order of arrival; whether it failed is the business of whoever waits for it.
    await Promise.allSettled([stored]);
  }
  return results;
}

async function storePlanned(db: Db, arrivals: readonly Arrival[]): Promise<Step[]> {
  const steps = planBatch(arrivals, await lookUp(db, arrivals));
  await insertPlanned(
    db,
    steps.flatMap((step) => (step.kind === "write" ? [step.row] : [])),
  );
  return steps;
}

/** @returns undefined where nothing was stored because of what is in a row. */
async function unlessRefused<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if (faultOf(error) === "database") throw error;
    return undefined;
  }
}

/** @throws Problem 400 where it can't be stored however often it comes. */
async function storeAlone(db: Db, arrival: Arrival): Promise<StoredEvent> {
  try {
    return await storeEvent(db, arrival);
  } catch (error) {
    if (faultOf(error) === "row") throw malformed("The event holds what can't be stored.", error);
    throw error;
  }
}

/** By SQLSTATE class: values that don't fit (22, 54), races between transactions (23, 40), anything else. */
function faultOf(error: unknown): "row" | "race" | "database" {
  const state = error instanceof Error && "code" in error ? String(error.code) : "";
  if (/^(22|54)...$/.test(state)) return "row";
  return /^(23|40)...$/.test(state) ? "race" : "database";
}
