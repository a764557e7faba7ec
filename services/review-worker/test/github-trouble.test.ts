import { sql } from "kysely";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { failEvent } from "../src/jobs/fail-event.ts";
import { injection } from "./changes.ts";
import { startWorker, type WorkerUnderTest } from "./worker-under-test.ts";

let worker: WorkerUnderTest;
beforeEach(async () => {
  worker = await startWorker();
});
afterEach(async () => {
  expect(worker.simulator.violations()).toEqual([]);
  await worker[Symbol.asyncDispose]();
});

const reviews = (number: number) => worker.simulator.reviews(worker.repository.fullName, number);
const comments = (number: number) => worker.simulator.comments(worker.repository.fullName, number);

describe("trouble at GitHub", () => {
  test("an outage parks the job, ever longer, and only after a day is it an error", async () => {
    const { number, eventId } = await worker.opened(injection);
    const lift = worker.simulator.faults.add({ effect: { kind: "status", status: 503, when: "before" } });
    const receivedAgo = (age: string) =>
      worker.db
        .updateTable("webhook_events")
        .set({ received_at: sql<Date>`now() - ${age}::interval` })
        .execute();
    expect(await worker.run(eventId)).toMatchObject({ kind: "later", delayMs: 5_000 });
    await receivedAgo("8 minutes");
    const outcome = await worker.run(eventId);
    expect(outcome.kind === "later" && Math.round(outcome.delayMs / 10_000)).toBe(12);
    expect(await worker.event(eventId)).toMatchObject({ status: "pending" });
    await receivedAgo("25 hours");
    await expect(worker.run(eventId)).rejects.toThrow("Server Error");
    lift();
    await worker.run(eventId);
    expect(reviews(number)).toHaveLength(1);
  });

  test("a review that fails under a second event is that one's, and fails with it", async () => {
    const { number, head, eventId } = await worker.opened(injection);
    worker.simulator.faults.add({
      path: /\/files$/,
      effect: { kind: "status", status: 400, when: "before" },
    });
    for (const event of [eventId, await worker.receive(number, head, "reopened")]) {
      const error = await worker.run(event).then(
        () => new Error("no failure"),
        (reason: Error) => reason,
      );
      await failEvent(worker.deps, { eventId: event }, error, false);
      expect(await worker.event(event)).toMatchObject({ status: "processing", error: null });
      await failEvent(worker.deps, { eventId: event }, error, true);
      const told = `An unexpected error ended this review. The worker's log has it under event ${event}.`;
      expect(await worker.event(event)).toMatchObject({ status: "failed", error: told });
      const rows = await worker.db.selectFrom("reviews").select(["status", "error"]).execute();
      expect(rows).toEqual([{ status: "failed", error: told }]);
    }
  });

  test("a rate limit parks the job until its end, and loses nothing", async () => {
    const { number, eventId } = await worker.opened(injection);
    const lift = worker.simulator.faults.add({
      path: /\/files$/,
      effect: { kind: "primary-limit", resetInSeconds: 90 },
    });
    const outcome = await worker.run(eventId);
    expect(outcome).toMatchObject({ kind: "later" });
    expect(outcome.kind === "later" && outcome.delayMs).toBeGreaterThan(60_000);
    expect(await worker.event(eventId)).toMatchObject({
      status: "pending",
      reason: expect.stringMatching(/limit on requests was reached.*goes on by itself at \d\d:\d\d UTC/),
    });
    lift();
    // The limit is over.
    await worker.db.deleteFrom("request_limits").execute();
    await worker.run(eventId);
    expect(reviews(number)).toHaveLength(1);
  });

  test("a revoked token pauses the user's jobs and says so; another member's takes over", async () => {
    const token = await worker.db.selectFrom("users").select("id").executeTakeFirstOrThrow();
    const { number, eventId } = await worker.opened(injection);
    worker.simulator.faults.add({ user: "octocat", effect: { kind: "status", status: 401, when: "before" } });
    expect(await worker.run(eventId)).toMatchObject({ kind: "later" });
    expect(await worker.run(eventId)).toMatchObject({ kind: "later", delayMs: 60_000 });
    expect(await worker.event(eventId)).toMatchObject({
      status: "pending",
      reason: expect.stringContaining("Sign in again"),
    });
    const user = await worker.db
      .selectFrom("users")
      .select("token_state")
      .where("id", "=", token.id)
      .executeTakeFirst();
    expect(user).toEqual({ token_state: "reconnect_needed" });

    await worker.connect("hubot");
    await worker.run(eventId);
    expect(reviews(number)).toMatchObject([{ login: "hubot" }]);
  });

  test("what GitHub no longer shows to one member is reviewed with another's token", async () => {
    const { number, eventId } = await worker.opened(injection);
    worker.simulator.faults.add({ user: "octocat", effect: { kind: "status", status: 404, when: "before" } });
    await expect(worker.run(eventId)).rejects.toMatchObject({ kind: "not-found" });
    expect(await worker.event(eventId)).toMatchObject({ status: "processing" });
    await worker.connect("hubot");
    await worker.run(eventId);
    expect(reviews(number)).toMatchObject([{ login: "hubot" }]);
  });

  test("a repository whose name went to another one gets no review of this one's", async () => {
    const { number, eventId } = await worker.opened(injection);
    // The event is of a repository that had the name before.
    const former = {
      id: 4_711,
      full_name: worker.repository.fullName,
      private: false,
      default_branch: "main",
    };
    await worker.db.insertInto("repositories").values(former).execute();
    await worker.db.updateTable("installations").set({ repository_id: former.id }).execute();
    await worker.db.updateTable("webhook_events").set({ repository_id: former.id }).execute();
    await expect(worker.run(eventId)).rejects.toThrow("another repository");
    expect([...reviews(number), ...comments(number)]).toEqual([]);
  });

  test("where nobody is connected any more, the event fails and says so", async () => {
    const { eventId } = await worker.opened(injection);
    await worker.db.updateTable("installations").set({ active: false }).execute();
    expect(await worker.run(eventId)).toEqual({ kind: "done" });
    expect(await worker.event(eventId)).toMatchObject({
      status: "failed",
      error: expect.stringMatching(/^Nobody is connected.* Connect it/),
    });
  });
});
