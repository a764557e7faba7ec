import { sql } from "kysely";
import { ModelError, type ModelResponse, type ReviewModel } from "@nectr/model";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { endEvent } from "../src/event-store.ts";
import { closePullRequest } from "../src/pull-request-store.ts";
import { startWorker, type WorkerUnderTest } from "./worker-under-test.ts";

const injection = `export async function find(db, customer) {
  return await db.query(\`SELECT * FROM orders WHERE customer = '\${customer}'\`);
}
`;
const clean = `export function double(value) {
  return value * 2;
}
`;
const patience = { timeout: 10_000, interval: 20 };

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

/** A pull request whose branch holds one file, and the event that tells of it. */
async function opened(
  text: string,
  branch = "change",
): Promise<{ number: number; head: string; eventId: string }> {
  const head = await worker.push(branch, { "src/change.js": text });
  const number = await worker.open(branch);
  return { number, head, eventId: await worker.receive(number, head, "opened") };
}

describe("what is posted", () => {
  test("a defect becomes an inline comment, and the summary tells of it", async () => {
    const { number, head, eventId } = await opened(injection);
    expect(await worker.run(eventId)).toEqual({ kind: "done" });
    expect(await worker.event(eventId)).toMatchObject({ status: "completed", error: null });
    expect(reviews(number)).toMatchObject([
      { commitId: head, state: "COMMENTED", comments: [{ path: "src/change.js" }] },
    ]);
    expect(comments(number)).toMatchObject([{ body: expect.stringContaining("src/change.js:2") }]);
  });

  test("a change without findings gets the summary alone, and no approval where no model read it", async () => {
    const { number, eventId } = await opened(clean);
    await worker.run(eventId);
    expect(reviews(number)).toEqual([]);
    expect(comments(number)).toHaveLength(1);
    expect(comments(number)[0]?.body).toContain("no approval");
  });

  test("a second run of the same event, or of another one of the same head, posts nothing", async () => {
    const { number, head, eventId } = await opened(injection);
    await worker.run(eventId);
    await worker.run(eventId);
    const reopened = await worker.receive(number, head, "reopened");
    await worker.run(reopened);
    expect(await worker.event(reopened)).toMatchObject({ status: "completed" });
    expect(reviews(number)).toHaveLength(1);
    expect(comments(number)).toHaveLength(1);
  });

  test("what the next push mends is told as fixed, and what it leaves as still open", async () => {
    const { number, eventId } = await opened(injection);
    await worker.run(eventId);
    const left = await worker.push("change", { "src/other.js": clean });
    await worker.run(await worker.receive(number, left));
    expect(comments(number)[0]?.body).toContain("still open");
    const mended = await worker.push("change", { "src/change.js": clean });
    await worker.run(await worker.receive(number, mended));
    expect(comments(number)).toHaveLength(1);
    expect(comments(number)[0]?.body).toContain("fixed since the last run");
    const ledger = await worker.db.selectFrom("findings").select(["state", "path"]).execute();
    expect(ledger).toEqual([{ state: "fixed", path: "src/change.js" }]);
  });

  test("the configuration comes from the base, never from the pull request itself", async () => {
    await worker.push("main", { ".nectr.yml": "ignore: ['generated/**']\n" });
    const head = await worker.push("change", {
      ".nectr.yml": "ignore: ['**']\n",
      "generated/a.js": injection,
      "src/b.js": injection,
    });
    const number = await worker.open("change");
    await worker.run(await worker.receive(number, head));
    expect(reviews(number)[0]?.comments.map(({ path }) => path)).toEqual(["src/b.js"]);
    expect(comments(number)[0]?.body).toContain("ignored by .nectr.yml");
  });

  test("an answer that no database would take is cleaned, kept and posted", async () => {
    const { number, eventId } = await opened(clean);
    const model = answering(async () => {}, {
      summary: "Fine\u0000 but \ud83d",
      findings: [
        {
          path: "src/change.js",
          startLine: 2,
          endLine: 2,
          severity: "medium",
          category: "correctness",
          title: "Overflows\u0000",
          body: "For large values \udc00.",
          suggestion: null,
          confidence: "high",
        },
      ],
    });
    await worker.run(eventId, { model });
    expect(await worker.event(eventId)).toMatchObject({ status: "completed" });
    expect(reviews(number)[0]?.comments[0]?.body).toContain("Overflows");
    expect(await worker.db.selectFrom("model_usage").selectAll().execute()).toHaveLength(1);
  });

  test("without its model the analysers review, and the review says why", async () => {
    const model: ReviewModel = {
      name: "distant-model",
      review: () => Promise.reject(new ModelError("unavailable", "the server does not answer")),
    };
    const { number, eventId } = await opened(injection);
    await worker.run(eventId, { model });
    expect(reviews(number)).toHaveLength(1);
    expect(comments(number)[0]?.body).toContain("the server does not answer");
  });
});

describe("the newest head wins", () => {
  test("a push takes the review over: the one under way stops within two seconds and posts nothing", async () => {
    const asked = Promise.withResolvers<void>();
    let stoppedAt = 0;
    const model: ReviewModel = {
      name: "slow-model",
      review: ({ signal }) =>
        new Promise((_resolve, reject) => {
          asked.resolve();
          signal?.addEventListener("abort", () => {
            stoppedAt = performance.now();
            reject(new ModelError("aborted", "aborted"));
          });
        }),
    };
    const { number, eventId } = await opened(injection);
    const running = worker.run(eventId, { model, holder: "first", leaseSeconds: 30 });
    await asked.promise;

    const head = await worker.push("change", { "src/more.js": injection });
    const newer = await worker.receive(number, head);
    const pushedAt = performance.now();
    await worker.run(newer, { holder: "second" });
    await running;

    expect(stoppedAt - pushedAt).toBeLessThan(6_000);
    expect(await worker.event(newer)).toMatchObject({ status: "completed" });
    expect(reviews(number)).toMatchObject([{ commitId: head }]);
    await worker.run(eventId);
    expect(await worker.event(eventId)).toMatchObject({ status: "superseded" });
    const rows = await worker.db.selectFrom("reviews").select(["head_sha", "status"]).orderBy("id").execute();
    expect(rows).toMatchObject([{ status: "superseded" }, { status: "posted", head_sha: head }]);
  });

  test("events in any order: the older head is superseded, the newest reviewed once", async () => {
    const { number, head: first } = await opened(injection);
    const second = await worker.push("change", { "src/more.js": clean });
    const late = await worker.receive(number, second);
    const early = await worker.receive(number, first);
    await worker.run(late);
    // No later event speaks of the newest head, so it is looked at again, and then found to be reviewed.
    await vi.waitUntil(async () => (await worker.run(early)).kind === "done", patience);
    expect(await worker.event(early)).toMatchObject({ status: "completed" });
    expect(reviews(number)).toMatchObject([{ commitId: second }]);
  });

  test("a push whose webhook never comes is noticed before posting, and its head is reviewed", async () => {
    const { number, head, eventId } = await opened(injection);
    let pushed = "";
    const model = answering(async () => {
      pushed ||= await worker.push("change", { "src/more.js": injection });
    });
    expect(await worker.run(eventId, { model })).toMatchObject({ kind: "later" });
    expect([...reviews(number), ...comments(number)]).toEqual([]);
    await vi.waitUntil(async () => (await worker.run(eventId, { model })).kind === "done", patience);
    expect(reviews(number)).toMatchObject([{ commitId: pushed }]);
    const rows = await worker.db.selectFrom("reviews").select(["head_sha", "status"]).orderBy("id").execute();
    expect(rows).toEqual([
      { head_sha: head, status: "superseded" },
      { head_sha: pushed, status: "posted" },
    ]);
  });

  test("while another worker holds the same head, the job waits", async () => {
    const asked = Promise.withResolvers<void>();
    const answer = Promise.withResolvers<never>();
    const model: ReviewModel = {
      name: "slow-model",
      review: () => {
        asked.resolve();
        return answer.promise;
      },
    };
    const { number, head, eventId } = await opened(injection);
    const running = worker.run(eventId, { model, holder: "first" });
    await asked.promise;
    const again = await worker.receive(number, head, "reopened");
    expect(await worker.run(again, { holder: "second" })).toMatchObject({ kind: "later" });
    answer.reject(new ModelError("unavailable", "gone"));
    await running;
    expect(await worker.run(again, { holder: "second" })).toEqual({ kind: "done" });
    expect(reviews(number)).toHaveLength(1);
  });

  test("a worker that was frozen past its lease, and replaced, writes nothing when it wakes", async () => {
    const { number, eventId } = await opened(injection);
    const model = answering(async () => {
      await worker.db
        .updateTable("pull_requests")
        // The replacement took the claim, had to park the job, and let go of the claim again.
        .set((e) => ({ fencing_token: e("fencing_token", "+", 1), claimed_by: null, claimed_head: null }))
        .execute();
    });
    await worker.run(eventId, { model });
    expect([...reviews(number), ...comments(number)]).toEqual([]);
    // It is the replacement's to finish.
    expect(await worker.event(eventId)).toMatchObject({ status: "processing" });
  });

  test("closed in the middle, nothing is posted", async () => {
    const { number, eventId } = await opened(injection);
    await worker.run(eventId, { model: answering(() => changeAtGitHub(number, { state: "closed" })) });
    await worker.run(eventId);
    expect(await worker.event(eventId)).toMatchObject({ status: "superseded" });
    expect([...reviews(number), ...comments(number)]).toEqual([]);
  });

  test("a late word of a closing that was undone costs a second look, not the review", async () => {
    const { number, eventId } = await opened(injection);
    const noteClosed = () =>
      closePullRequest(worker.db, { repositoryId: worker.repository.id, number, merged: false });
    expect(await worker.run(eventId, { model: answering(noteClosed) })).toMatchObject({ kind: "later" });
    await worker.run(eventId);
    expect(await worker.event(eventId)).toMatchObject({ status: "completed" });
    expect(reviews(number)).toHaveLength(1);
  });

  test("a head that comes back after another was posted gets its summary back", async () => {
    const { number, head, eventId } = await opened(injection);
    await worker.run(eventId);
    const other = await worker.push("change", { "src/more.js": clean });
    await worker.run(await worker.receive(number, other));
    expect(comments(number)[0]?.body).toContain(other.slice(0, 7));
    await worker.reset("change", head);
    await worker.run(await worker.receive(number, head));
    expect(comments(number)).toHaveLength(1);
    expect(comments(number)[0]?.body).toContain(head.slice(0, 7));
    expect(reviews(number)).toHaveLength(1);
  });
});

test("against another base the same head is reviewed anew", async () => {
  await worker.push("stage", { ".nectr.yml": "ignore: ['**']\n" });
  const { number, head, eventId } = await opened(injection);
  await changeAtGitHub(number, { base: "stage" });
  await worker.run(eventId);
  expect(reviews(number)).toEqual([]);

  await changeAtGitHub(number, { base: "main" });
  await worker.run(await worker.receive(number, head, "edited"));
  expect(reviews(number)).toMatchObject([{ commitId: head, comments: [{ path: "src/change.js" }] }]);
  expect(comments(number)).toMatchObject([{ body: expect.stringContaining("src/change.js:2") }]);
});

describe("trouble at GitHub", () => {
  test("an outage parks the job, ever longer, and only after a day is it an error", async () => {
    const { number, eventId } = await opened(injection);
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
    const { number, head, eventId } = await opened(injection);
    worker.simulator.faults.add({
      path: /\/files$/,
      effect: { kind: "status", status: 400, when: "before" },
    });
    for (const event of [eventId, await worker.receive(number, head, "reopened")]) {
      const error = await worker.run(event).then(
        () => new Error("no failure"),
        (reason: Error) => reason,
      );
      await endEvent(worker.db, event, { status: "failed", error });
      const rows = await worker.db.selectFrom("reviews").select(["status", "error"]).execute();
      expect(rows).toEqual([{ status: "failed", error: expect.stringContaining("Injected") }]);
    }
  });

  test("a rate limit parks the job until its end, and loses nothing", async () => {
    const { number, eventId } = await opened(injection);
    const lift = worker.simulator.faults.add({
      path: /\/files$/,
      effect: { kind: "primary-limit", resetInSeconds: 90 },
    });
    const outcome = await worker.run(eventId);
    expect(outcome).toMatchObject({ kind: "later" });
    expect(outcome.kind === "later" && outcome.delayMs).toBeGreaterThan(60_000);
    expect(await worker.event(eventId)).toMatchObject({ status: "pending" });
    lift();
    await worker.run(eventId);
    expect(reviews(number)).toHaveLength(1);
  });

  test("a revoked token pauses the user's jobs and says so; another member's takes over", async () => {
    const token = await worker.db.selectFrom("users").select("id").executeTakeFirstOrThrow();
    const { number, eventId } = await opened(injection);
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
    const { number, eventId } = await opened(injection);
    worker.simulator.faults.add({ user: "octocat", effect: { kind: "status", status: 404, when: "before" } });
    await expect(worker.run(eventId)).rejects.toMatchObject({ kind: "not-found" });
    expect(await worker.event(eventId)).toMatchObject({ status: "processing" });
    await worker.connect("hubot");
    await worker.run(eventId);
    expect(reviews(number)).toMatchObject([{ login: "hubot" }]);
  });

  test("a repository whose name went to another one gets no review of this one's", async () => {
    const { number, eventId } = await opened(injection);
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
    const { eventId } = await opened(injection);
    await worker.db.updateTable("installations").set({ active: false }).execute();
    expect(await worker.run(eventId)).toEqual({ kind: "done" });
    expect(await worker.event(eventId)).toMatchObject({ status: "failed", error: "nobody is connected" });
  });

  test("a review that GitHub posts and then answers 502 to is posted once", async () => {
    const { number, eventId } = await opened(injection);
    worker.simulator.faults.add({
      method: "POST",
      times: 2,
      path: /\/(reviews|comments)$/,
      effect: { kind: "status", status: 502, when: "after" },
    });
    await worker.run(eventId);
    expect(reviews(number)).toHaveLength(1);
    expect(comments(number)).toHaveLength(1);
  });
});

/** A model that answers so (by default it finds nothing), after something happened. */
function answering(
  before: () => Promise<void>,
  answer: ModelResponse["answer"] = { summary: "", findings: [] },
): ReviewModel {
  return {
    name: "agreeable-model",
    async review() {
      await before();
      return {
        answer,
        usage: { inputTokens: 1, cachedInputTokens: 0, outputTokens: 1, costUsd: undefined },
        model: "agreeable-model",
        steps: 1,
      };
    },
  };
}

async function changeAtGitHub(
  number: number,
  change: { state: "open" | "closed" } | { base: string },
): Promise<void> {
  const response = await fetch(
    `${worker.simulator.url}/repos/${worker.repository.fullName}/pulls/${number}`,
    {
      method: "PATCH",
      headers: {
        authorization: `token ${worker.simulator.createToken("hubot")}`,
        "content-type": "application/json",
      },
      body: JSON.stringify(change),
    },
  );
  expect(response.status).toBe(200);
}
