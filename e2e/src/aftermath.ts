import type { Db } from "@nectr/db";
import { expect, vi } from "vitest";
import type { Shop } from "./shop.ts";
import type { WholeSystem } from "./whole-system.ts";

// What holds once a fault is over, whichever it was.

/** Waits until every event has reached an end. @param timeout in milliseconds, a limit for what hangs. */
export async function untilDrained(db: Db, timeout = 60_000): Promise<void> {
  await vi.waitFor(async () => expect(await unfinishedEvents(db)).toEqual([]), { timeout, interval: 100 });
}

async function unfinishedEvents(db: Db) {
  return await db
    .selectFrom("webhook_events")
    .select(["event_id", "action", "number", "status", "reason", "attempts"])
    .where("status", "in", ["pending", "processing"])
    .limit(5)
    .execute();
}

/** How the events ended, and how many so. */
export async function endsOfEvents(db: Db): Promise<Partial<Record<string, number>>> {
  const rows = await db
    .selectFrom("webhook_events")
    .select((e) => ["status", e.fn.countAll<number>().as("events")])
    .groupBy("status")
    .execute();
  return Object.fromEntries(rows.map(({ status, events }) => [status, Number(events)]));
}

/**
 * Each of these pull requests has one review of its head on GitHub, one summary comment, and one review that is on
 * record; and no answer of the model was paid for twice.
 */
export async function expectReviewedOnce(
  { db, simulator }: Pick<WholeSystem, "db" | "simulator">,
  { id, fullName }: Pick<Shop, "id" | "fullName">,
  pulls: readonly { readonly number: number; readonly headSha: string }[],
): Promise<void> {
  const numbers = pulls.map(({ number }) => number);
  const recorded = await db
    .selectFrom("reviews")
    .select(["number", "head_sha as headSha", "status"])
    .where("repository_id", "=", id)
    .where("number", "in", numbers)
    .orderBy("number")
    .execute();
  expect(recorded).toEqual(
    pulls
      .toSorted((a, b) => a.number - b.number)
      .map(({ number, headSha }) => ({ number, headSha, status: "posted" })),
  );
  const posted = pulls.map(({ number }) => ({
    number,
    heads: simulator.reviews(fullName, number).map(({ commitId }) => commitId),
    comments: simulator.comments(fullName, number).length,
  }));
  expect(posted).toEqual(pulls.map(({ number, headSha }) => ({ number, heads: [headSha], comments: 1 })));
  expect(await paidTwice(db)).toEqual([]);
}

/** Reviews whose model was paid for more answers than there are. */
export async function paidTwice(db: Db) {
  return await db
    .selectFrom("reviews")
    .innerJoin("model_usage", "model_usage.review_id", "reviews.id")
    .select((e) => ["reviews.id", "reviews.number", e.fn.countAll<number>().as("answers")])
    .groupBy("reviews.id")
    .having((e) =>
      e(
        e.fn.countAll<number>(),
        ">",
        e
          .selectFrom("workflow_runs")
          .select((w) => w.fn.countAll<number>().as("stages"))
          .whereRef("workflow_runs.review_id", "=", "reviews.id")
          .where("workflow_runs.stage", "like", "model:%")
          .where("workflow_runs.state", "=", "done"),
      ),
    )
    .execute();
}
