import { execFile } from "node:child_process";
import { join } from "node:path";
import { connectQueues, reviewQueue } from "@nectr/queue";
import { startTestRedis } from "@nectr/queue/testing";
import { sql } from "kysely";
import { afterEach, beforeEach, describe, expect, inject, test } from "vitest";
import { parseCommand } from "../src/events/command.ts";
import { runCommand } from "../src/events/run-command.ts";
import { failEvent } from "../src/jobs/fail-event.ts";
import { injection } from "./changes.ts";
import { startWorker, type WorkerUnderTest } from "./worker-under-test.ts";

let worker: WorkerUnderTest;
beforeEach(async () => {
  worker = await startWorker();
});
afterEach(() => worker[Symbol.asyncDispose]());

const nobody = "0199aa00-0000-7000-8000-00000000000a";
const onError = () => {};
const openQueues = () => connectQueues({ databaseUrl: worker.databaseUrl, onError });

const run = (...args: string[]) => runCommand({ db: worker.db, openQueues }, parseCommand(args));
/** What a program reads of it. */
const ask = async (...args: string[]) => {
  const { output, ok } = await run(...args, "--json");
  return { ok, answer: JSON.parse(output) as unknown };
};
const idsOf = async (...args: string[]) =>
  ((await ask(...args)).answer as { event_id: string }[]).map((event) => event.event_id);

/** Ends the event as the worker does after its last attempt. */
const fail = (eventId: string) => failEvent(worker.deps, { eventId }, new Error("boom"), true);
const waiting = async () => {
  await using queues = await openQueues();
  return (await queues.producer(reviewQueue).counts()).waiting;
};

describe("an event that failed", () => {
  test("is listed with what to do about it, and shown with its review", async () => {
    const { number, eventId } = await worker.opened(injection);
    await worker.run(eventId);
    await worker.db.updateTable("webhook_events").set({ status: "processing" }).execute();
    await fail(eventId);
    const { output } = await run("list", "--status", "failed");
    expect(output).toContain(`${eventId}  failed`);
    expect(output).toContain(`octocat/shop#${number}  opened  1x  An unexpected error ended this review.`);
    const shown = await run("show", eventId);
    expect(shown.output).toMatch(/^error +An unexpected error ended this review/m);
    expect(shown.output).toMatch(/^review +\S+, posted$/m);
    expect(shown.output).toMatch(/^at GitHub +http/m);
    expect(shown.output).not.toContain("boom");
  });

  test("is replayed: reviewed after all, and no more than once however often it is asked", async () => {
    const { number, eventId } = await worker.opened(injection);
    await fail(eventId);
    expect(await ask("replay", eventId)).toEqual({
      ok: true,
      answer: [{ event_id: eventId, outcome: "queued" }],
    });
    expect(await ask("replay", eventId)).toEqual({
      ok: true,
      answer: [{ event_id: eventId, outcome: "not-failed", status: "pending" }],
    });
    expect(await waiting()).toBe(1);
    await worker.run(eventId);
    expect(await worker.event(eventId)).toEqual({ status: "completed", reason: null, error: null });
    expect(worker.simulator.reviews(worker.repository.fullName, number)).toHaveLength(1);
    expect((await run("replay", eventId)).output).toContain("completed: only a failed event can be replayed");
  });

  test("is among those of the last hours, and left out where it failed before", async () => {
    const head = "a".repeat(40);
    const [old, recent, fine] = [
      await worker.receive(1, head),
      await worker.receive(2, head),
      await worker.receive(3, head),
    ];
    await fail(old);
    await fail(recent);
    await worker.db
      .updateTable("webhook_events")
      .set({ finished_at: sql<Date>`now() - interval '3 hours'` })
      .where("event_id", "=", old)
      .execute();
    expect(await idsOf("replay", "--failed", "--since", "2h")).toEqual([recent]);
    expect(await idsOf("replay", "--failed")).toEqual([old]);
    expect((await run("replay", "--failed")).output).toContain("nothing to do");
    expect(await waiting()).toBe(2);
    expect(await worker.event(fine)).toMatchObject({ status: "pending" });
  });
});

describe("a list", () => {
  test("is of some statuses, of a repository under any of its names, and as long as was asked", async () => {
    const head = "a".repeat(40);
    const first = await worker.receive(1, head);
    const second = await worker.receive(2, head);
    await fail(first);
    expect(await idsOf("list")).toEqual([second, first]);
    expect(await idsOf("list", "--limit", "1")).toEqual([second]);
    expect(await idsOf("list", "--status", "failed", "--status", "completed")).toEqual([first]);
    await worker.db.updateTable("repositories").set({ full_name: "octocat/store" }).execute();
    expect(await idsOf("list", "--repository", "Octocat/Shop")).toEqual([second, first]);
    expect(await idsOf("list", "--repository", "octocat/store")).toEqual([second, first]);
    expect(await idsOf("list", "--repository", "octocat/other")).toEqual([]);
  });

  test("steers no terminal, whatever a name holds", async () => {
    await worker.receive(1, "a".repeat(40), "opened\u001B[2J\nforged");
    const { output } = await run("list");
    expect(output).toContain("opened?[2J forged");
    expect(output.trimEnd().split("\n")).toHaveLength(1);
  });
});

test("the payload is shown to those who ask for it", async () => {
  const eventId = await worker.receive(1, "a".repeat(40));
  const payload = Buffer.from(JSON.stringify({ action: "synchronize" }));
  await worker.db.updateTable("webhook_events").set({ payload }).execute();
  expect((await ask("show", eventId)).answer).not.toHaveProperty("payload");
  expect((await ask("show", eventId, "--payload")).answer).toMatchObject({
    payload: { action: "synchronize" },
  });
  await worker.db.updateTable("webhook_events").set({ payload: null }).execute();
  expect((await run("show", eventId, "--payload")).output).toContain("kept no longer");
});

test("an event that is not there is told of, and keeps no other one from being replayed", async () => {
  await expect(run("show", nobody)).rejects.toThrow(`There is no event ${nobody}`);
  const eventId = await worker.receive(1, "a".repeat(40));
  await fail(eventId);
  expect(await ask("replay", nobody, eventId)).toEqual({
    ok: false,
    answer: [
      { event_id: nobody, outcome: "unknown" },
      { event_id: eventId, outcome: "queued" },
    ],
  });
});

describe.skipIf(inject("redisUrl") === undefined)("without its queue (needs redis-server)", () => {
  test("an event is armed all the same, and left to the sweep", async () => {
    await using redis = await startTestRedis();
    await redis.kill();
    const eventId = await worker.receive(1, "a".repeat(40));
    await fail(eventId);
    const open = () => connectQueues({ redisUrl: redis.url, databaseUrl: worker.databaseUrl, onError });
    const { output, ok } = await runCommand(
      { db: worker.db, openQueues: open },
      parseCommand(["replay", eventId]),
    );
    expect(ok).toBe(true);
    expect(output).toContain("next sweep");
    expect(await worker.event(eventId)).toMatchObject({ status: "pending" });
  });
});

describe("as a program", () => {
  const program = (environment: Record<string, string>, ...args: string[]) =>
    new Promise<{ output: string; errors: string; code: number }>((resolve) => {
      const main = join(import.meta.dirname, "../src/events/main.ts");
      const child = execFile(process.execPath, [main, ...args], { env: environment }, (_, output, errors) =>
        resolve({ output, errors, code: child.exitCode ?? -1 }),
      );
    });

  test("it says what it did by its exit code", async () => {
    const DATABASE_URL = worker.databaseUrl;
    const eventId = await worker.receive(1, "a".repeat(40));
    await fail(eventId);
    expect(await program({ DATABASE_URL }, "replay", eventId)).toEqual({
      code: 0,
      output: `${eventId}  queued again\n`,
      errors: "",
    });
    expect(await program({ DATABASE_URL }, "show", nobody)).toMatchObject({ code: 1, output: "" });
    expect(await program({ DATABASE_URL }, "replay", "17")).toMatchObject({
      code: 2,
      errors: expect.stringMatching(/"17" is no event's id[^]*npm run events -- list/),
    });
  });

  test("it says what is wrong with the database, without its address", async () => {
    expect(await program({}, "list")).toMatchObject({
      code: 1,
      errors: expect.stringContaining("DATABASE_URL"),
    });
    const away = await program({ DATABASE_URL: "postgres://nectr:secret@127.0.0.1:9/nectr" }, "list");
    expect(away).toEqual({
      code: 1,
      output: "",
      errors: "The database at DATABASE_URL does not answer (ECONNREFUSED).\n",
    });
  });
});
