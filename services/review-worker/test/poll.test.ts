import { encryptToken } from "@nectr/accounts";
import { parseWebhookEvent } from "@nectr/github";
import { sql } from "kysely";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { noteClosedPullRequest } from "../src/jobs/close.ts";
import { createPoll, type Poll, type PollOutcome } from "../src/jobs/poll.ts";
import { findUnfinishedEvents } from "../src/sweep-store.ts";
import { clean, injection } from "./changes.ts";
import { startWorker, type WorkerUnderTest } from "./worker-under-test.ts";

let worker: WorkerUnderTest;
let outcomes: PollOutcome[];
let poll: Poll;
beforeEach(async () => {
  worker = await startWorker();
  await worker.db.updateTable("repositories").set({ polled: true }).execute();
  outcomes = [];
  poll = newPoll();
});
afterEach(async () => {
  expect(worker.simulator.violations()).toEqual([]);
  await worker[Symbol.asyncDispose]();
});

/** As another worker has one of its own. */
const newPoll = () =>
  createPoll({ ...worker.deps, intervalMs: 1, onPoll: (outcome) => void outcomes.push(outcome) });

/** Polls, works on what was found, and says which actions that were. */
async function pollAndWork(): Promise<string[]> {
  const events = await poll(new AbortController().signal);
  for (const { eventId, action } of events) {
    if (action === "closed") await noteClosedPullRequest(worker.db, { eventId });
    else await worker.run(eventId);
  }
  return events.map(({ action }) => action).toSorted();
}

/** How GitHub answered what was asked during `work`. */
async function requestsDuring(work: () => Promise<unknown>) {
  const start = worker.simulator.requests().length;
  await work();
  return worker.simulator
    .requests()
    .slice(start)
    .map(({ method, path, status }) => `${method} ${path} ${status}`);
}

const reviews = (number: number) => worker.simulator.reviews(worker.repository.fullName, number);
const comments = (number: number) => worker.simulator.comments(worker.repository.fullName, number);
const stateOf = async (number: number) =>
  (
    await worker.db
      .selectFrom("pull_requests")
      .select("state")
      .where("number", "=", number)
      .executeTakeFirstOrThrow()
  ).state;

async function openOn(branch: string): Promise<{ number: number; head: string }> {
  const head = await worker.push(branch, { "src/change.js": injection });
  return { head, number: await worker.open(branch) };
}

describe("without a webhook", () => {
  test("an open pull request is reviewed once, and while nothing changes a look is one free request", async () => {
    const { number, head } = await openOn("change");
    expect(await pollAndWork()).toEqual(["opened"]);
    expect(reviews(number)).toMatchObject([{ commitId: head }]);
    expect(await pollAndWork()).toEqual([]);
    const pulls = `/repos/${worker.repository.fullName}/pulls`;
    expect(await requestsDuring(pollAndWork)).toEqual([`GET ${pulls} 304`]);
    expect(reviews(number)).toHaveLength(1);
    expect(outcomes).toEqual(["changed", "unchanged", "unchanged"]);
  });

  test("each push is reviewed, also one that brings a former head back, however often", async () => {
    const { number, head } = await openOn("change");
    await pollAndWork();
    const second = await worker.push("change", { "src/change.js": clean });
    expect(await pollAndWork()).toEqual(["synchronize"]);
    expect(comments(number)[0]?.body).toContain(second.slice(0, 7));
    for (const former of [head, second, head]) {
      await worker.reset("change", former);
      expect(await pollAndWork()).toEqual(["synchronize"]);
      expect(comments(number)[0]?.body).toContain(former.slice(0, 7));
    }
    expect(await pollAndWork()).toEqual([]);
  });

  test("a draft waits", async () => {
    await worker.push("change", { "src/change.js": injection });
    await worker.open("change", { draft: true });
    expect(await pollAndWork()).toEqual([]);
  });

  test("one that was a draft when its turn came is reviewed when it is ready", async () => {
    const { number, head } = await openOn("change");
    const [event] = await poll(new AbortController().signal);
    await worker.db
      .updateTable("webhook_events")
      .set({ status: "superseded", reason: "the pull request is a draft" })
      .where("event_id", "=", event!.eventId)
      .execute();
    expect(await pollAndWork()).toEqual(["ready_for_review"]);
    expect(reviews(number)).toMatchObject([{ commitId: head }]);
    expect(await pollAndWork()).toEqual([]);
  });

  test("another base is another change", async () => {
    await worker.push("stage", { ".nectr.yml": "paths: { ignore: ['**'] }\n" });
    const { number } = await openOn("change");
    await pollAndWork();
    await worker.atGitHub("hubot", "PATCH", `/pulls/${number}`, { base: "stage" });
    expect(await pollAndWork()).toEqual(["edited"]);
    expect(comments(number)[0]?.body).toContain("ignored by `.nectr.yml`");
    expect(await pollAndWork()).toEqual([]);
    // What is stored reads like GitHub's own.
    const { payload } = await worker.db
      .selectFrom("webhook_events")
      .select("payload")
      .where("action", "=", "edited")
      .executeTakeFirstOrThrow();
    expect(parseWebhookEvent("pull_request", JSON.parse(payload?.toString() ?? ""))).toMatchObject({
      kind: "review",
      action: "edited",
      repositoryId: worker.repository.id,
      number,
    });
  });

  test("closing, reopening and merging are noticed, each once", async () => {
    const { number } = await openOn("change");
    await worker.push("other", { "src/other.js": clean });
    await worker.open("other");
    await pollAndWork();
    await worker.atGitHub("octocat", "PATCH", `/pulls/${number}`, { state: "closed" });
    expect(await pollAndWork()).toEqual(["closed"]);
    expect(await stateOf(number)).toBe("closed");
    expect(await pollAndWork()).toEqual([]);
    await worker.atGitHub("octocat", "PATCH", `/pulls/${number}`, { state: "open" });
    expect(await pollAndWork()).toEqual(["reopened"]);
    expect(reviews(number)).toHaveLength(1);
    await worker.atGitHub("octocat", "PUT", `/pulls/${number}/merge`, {});
    expect(await pollAndWork()).toEqual(["closed"]);
    expect(await stateOf(number)).toBe("merged");
    expect(await pollAndWork()).toEqual([]);
  });

  test("those that GitHub removed count as closed, twenty in a turn", async () => {
    const numbers = Array.from({ length: 25 }, (_, index) => 100 + index);
    const open = { state: "open", title: "", author_login: "spam", draft: false, base_ref: "main" } as const;
    await worker.db
      .insertInto("pull_requests")
      .values(
        numbers.map((number) => ({
          ...open,
          number,
          repository_id: worker.repository.id,
          head_sha: "a".repeat(40),
        })),
      )
      .execute();
    expect(await pollAndWork()).toHaveLength(20);
    expect(await pollAndWork()).toHaveLength(5);
    expect(await pollAndWork()).toEqual([]);
    expect(await stateOf(100)).toBe("closed");
  });

  test("a repository that is not polled, or that nobody is connected to, is left alone", async () => {
    await openOn("change");
    await worker.db.updateTable("installations").set({ active: false }).execute();
    expect(await requestsDuring(pollAndWork)).toEqual([]);
    await worker.db.updateTable("installations").set({ active: true }).execute();
    await worker.db.updateTable("repositories").set({ polled: false }).execute();
    expect(await requestsDuring(pollAndWork)).toEqual([]);
    expect(outcomes).toEqual([]);
  });

  test("of a repository full of old pull requests the last ten are reviewed, and of the others none", async () => {
    for (let count = 1; count <= 12; count += 1) await openOn(`change-${count}`);
    const connectedIn = (time: string) =>
      worker.db
        .updateTable("installations")
        .set({ created_at: sql<Date>`now() + ${time}::interval` })
        .execute();
    await connectedIn("1 hour");
    const first = await poll(new AbortController().signal);
    expect(first).toHaveLength(10);
    const numbers = await worker.db.selectFrom("webhook_events").select("number").orderBy("number").execute();
    expect(numbers.map(({ number }) => number)).toEqual([3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
    await worker.db
      .updateTable("webhook_events")
      .set({ received_at: sql<Date>`now() + '2 hours'::interval` })
      .execute();
    for (const number of [11, 12]) {
      await worker.atGitHub("octocat", "PATCH", `/pulls/${number}`, { state: "closed" });
    }
    expect(await pollAndWork()).toEqual([]);
    await connectedIn("-1 hour");
    expect(await pollAndWork()).toEqual(["opened", "opened"]);
  });
});

describe("several workers", () => {
  test("who look at once store one event, and enqueue one", async () => {
    await openOn("change");
    const polls = Array.from({ length: 6 }, newPoll);
    const found = await Promise.all(polls.map((each) => each(new AbortController().signal)));
    expect(found.flat()).toHaveLength(1);
    expect(await worker.db.selectFrom("webhook_events").selectAll().execute()).toHaveLength(1);
  });

  test("one whose answer from GitHub is older than another one's event adds nothing", async () => {
    const { number } = await openOn("change");
    await pollAndWork();
    const newer = await worker.receive(number, "b".repeat(40));
    const receivedIn = (time: string) =>
      worker.db
        .updateTable("webhook_events")
        .set({ received_at: sql<Date>`now() + ${time}::interval` })
        .where("event_id", "=", newer)
        .execute();
    await receivedIn("1 minute");
    expect(await pollAndWork()).toEqual([]);
    await receivedIn("-1 minute");
    expect(await pollAndWork()).toEqual(["synchronize"]);
  });

  test("one that dies before it has enqueued leaves its events to the sweep", async () => {
    const { number } = await openOn("change");
    const [event] = await poll(new AbortController().signal);
    expect(await newPoll()(new AbortController().signal)).toEqual([]);
    await worker.db
      .updateTable("webhook_events")
      .set({ received_at: sql<Date>`now() - '10 seconds'::interval` })
      .execute();
    expect(await findUnfinishedEvents(worker.db, 10)).toEqual([event]);
    await worker.run(event!.eventId);
    expect(reviews(number)).toHaveLength(1);
  });
});

describe("trouble with one repository", () => {
  let other: { id: number; fullName: string };
  beforeEach(async () => {
    other = await worker.simulator.createRepository({ owner: "hubot", name: "tools" });
    await worker.db
      .insertInto("repositories")
      .values({
        id: other.id,
        full_name: other.fullName,
        private: false,
        default_branch: "main",
        polled: true,
      })
      .execute();
    await worker.connect("hubot");
    await worker.db
      .updateTable("installations")
      .set({ repository_id: other.id })
      .where("user_id", "=", (e) => e.selectFrom("users").select("id").where("login", "=", "hubot"))
      .execute();
  });

  const failing = (effect: Parameters<typeof worker.simulator.faults.add>[0]["effect"]) =>
    worker.simulator.faults.add({ path: new RegExp(`^/repos/${other.fullName}/`), effect });

  test("is no other one's, and when it is over the look is made up for", async () => {
    await openOn("change");
    const lift = failing({ kind: "status", status: 502, when: "before" });
    expect(await pollAndWork()).toEqual(["opened"]);
    expect(outcomes.toSorted()).toEqual(["changed", "failed"]);
    lift();
    outcomes = [];
    await pollAndWork();
    expect(outcomes).toEqual(["unchanged", "unchanged"]);
  });

  test("a limit: GitHub is left alone until it is over", async () => {
    failing({ kind: "primary-limit", resetInSeconds: 600 });
    await pollAndWork();
    expect(outcomes.toSorted()).toEqual(["limited", "unchanged"]);
    const requests = await requestsDuring(pollAndWork);
    expect(requests.filter((request) => request.includes(other.fullName))).toEqual([]);
  });

  test("a revoked token pauses its user, and after a new sign-in the repository is polled again", async () => {
    const lift = worker.simulator.faults.add({
      user: "hubot",
      effect: { kind: "status", status: 401, when: "before" },
    });
    await pollAndWork();
    expect(outcomes.toSorted()).toEqual(["reconnect", "unchanged"]);
    const users = worker.db.selectFrom("users").select(["login", "token_state"]).orderBy("login");
    expect(await users.execute()).toEqual([
      { login: "hubot", token_state: "reconnect_needed" },
      { login: "octocat", token_state: "active" },
    ]);
    expect(await requestsDuring(pollAndWork)).toHaveLength(2);
    lift();
    await signInAgain("hubot");
    outcomes = [];
    await pollAndWork();
    expect(outcomes).toEqual(["unchanged", "unchanged"]);
  });
});

test("a token that was replaced gives way to the new one, and nobody is paused", async () => {
  const token = await worker.connect("hubot");
  await worker.db.deleteFrom("users").where("login", "=", "octocat").execute();
  await openOn("change");
  await pollAndWork();
  worker.simulator.revokeToken(token);
  await signInAgain("hubot");
  await worker.push("change", { "src/more.js": clean });
  expect(await pollAndWork()).toEqual(["synchronize"]);
  const user = await worker.db.selectFrom("users").select("token_state").executeTakeFirstOrThrow();
  expect(user.token_state).toBe("active");
});

async function signInAgain(login: string): Promise<void> {
  const user = await worker.db
    .selectFrom("users")
    .select("github_id")
    .where("login", "=", login)
    .executeTakeFirstOrThrow();
  const token = worker.simulator.createToken(login);
  await worker.db
    .updateTable("users")
    .set({
      encrypted_token: encryptToken(worker.deps.accounts.fernet, user.github_id, token),
      token_state: "active",
      updated_at: new Date(),
    })
    .where("login", "=", login)
    .execute();
}
