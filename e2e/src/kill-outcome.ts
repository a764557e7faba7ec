import { expect, vi } from "vitest";
import type { Act, KillStage } from "./kill-stage.ts";
import { patience } from "./outcomes.ts";

/** Sets the traps. @returns what resolves once a worker stands in each. */
export async function standStill(acts: readonly Act[]): Promise<() => Promise<void>> {
  const missing = new Set(acts.map(({ point }) => point.name));
  for (const act of acts) await act.point.stand(act, () => void missing.delete(act.point.name));
  return () => vi.waitFor(() => expect([...missing]).toEqual([]), { ...patience, timeout: 90_000 });
}

/** Begins a round, and waits until a worker stands at each point. @param held as in a scene. */
export async function untilStanding(stage: KillStage, held?: Promise<void>): Promise<Act[]> {
  const acts = await stage.prepare(held);
  const reached = await standStill(acts);
  for (const act of acts) await stage.begin(act);
  await reached();
  return acts;
}

/** Waits until every event of the pull request is completed. @param timeout in milliseconds, a limit for what hangs. */
export async function untilEnded({ db, repository, number }: Act, timeout = 60_000): Promise<void> {
  await vi.waitFor(
    async () => {
      const events = db.selectFrom("webhook_events").select(["action", "status", "reason", "error"]);
      const rows = await events
        .where("repository_id", "=", repository.id)
        .where("number", "=", number)
        .where("event", "=", "pull_request")
        .execute();
      expect(rows.filter(({ status }) => status !== "completed")).toEqual([]);
    },
    { ...patience, timeout },
  );
}

/** Each head has one review, the pull request one summary comment, and the database says the same. */
export async function expectOneOfEach(act: Act): Promise<void> {
  const { db, simulator, repository, number, heads, point } = act;
  const posted = simulator.reviews(repository.fullName, number);
  const remarks = point.subject === "two defects" ? 2 : 1;
  expect(
    posted.map(({ commitId, state, comments }) => ({ commitId, state, remarks: comments.length })),
  ).toEqual(
    heads.map((commitId, index) => {
      const dismissed = point.subject === "a mended defect" && index === 0;
      return { commitId, state: dismissed ? "DISMISSED" : "COMMENTED", remarks };
    }),
  );
  const summaries = simulator.comments(repository.fullName, number);
  expect(summaries).toHaveLength(1);
  expect(summaries[0]?.body).toContain(heads.at(-1)?.slice(0, 7));

  const reviews = db.selectFrom("reviews").select(["head_sha", "status", "error"]);
  const reviewsOfPull = reviews.where("repository_id", "=", repository.id).where("number", "=", number);
  expect(await reviewsOfPull.orderBy("id").execute()).toEqual(
    heads.map((head) => ({ head_sha: head, status: "posted", error: null })),
  );
  const findings = db.selectFrom("findings").select(["state", "placement"]);
  const ledger = await findings
    .where("repository_id", "=", repository.id)
    .where("number", "=", number)
    .orderBy("id")
    .execute();
  expect(ledger).toEqual(
    heads.flatMap((_head, index) => {
      const fixed = point.subject === "a mended defect" && index === 0;
      return Array.from({ length: remarks }, () => ({
        state: fixed ? "fixed" : "open",
        placement: "inline",
      }));
    }),
  );
  // The claim is given back after the event has ended.
  await vi.waitFor(async () => {
    const pulls = db.selectFrom("pull_requests").select(["state", "claimed_by"]);
    const pull = pulls.where("repository_id", "=", repository.id).where("number", "=", number);
    const state = point.subject === "a closing" ? "closed" : "open";
    expect(await pull.execute()).toEqual([{ state, claimed_by: null }]);
  }, patience);
}
