import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { closePullRequest } from "../src/pull-request-store.ts";
import type { ReviewDeps } from "../src/worker-deps.ts";
import { answering } from "./answering-model.ts";
import { clean, injection } from "./changes.ts";
import { type SlowGitHub, startSlowGitHub } from "./slow-github.ts";
import { startWorker, type WorkerUnderTest } from "./worker-under-test.ts";

const patience = { timeout: 20_000, interval: 50 };

let worker: WorkerUnderTest;
let deps: ReviewDeps;
/** Method and template of every request of ours. */
let routes: string[];
let github: SlowGitHub;

beforeEach(async () => {
  worker = await startWorker();
  github = await startSlowGitHub(worker.simulator.url);
  routes = [];
  const { accounts } = worker.deps;
  const onRequest = ({ route }: { route: string }) => void routes.push(route);
  deps = {
    ...worker.deps,
    accounts: { ...accounts, github: { ...accounts.github, apiUrl: github.url, onRequest } },
    holder: "first",
    leaseSeconds: 3_600,
  };
});
afterEach(async () => {
  expect(worker.simulator.violations()).toEqual([]);
  await github.close();
  await worker[Symbol.asyncDispose]();
});

const reviews = (number: number) => worker.simulator.reviews(worker.repository.fullName, number);
const comments = (number: number) => worker.simulator.comments(worker.repository.fullName, number);
const run = (eventId: string, more: Partial<ReviewDeps> = {}, signal = new AbortController().signal) =>
  worker.run(eventId, { ...deps, ...more }, signal);
const untilDone = (eventId: string, more: Partial<ReviewDeps> = {}) =>
  vi.waitUntil(async () => (await run(eventId, more)).kind === "done", patience);
/** As if the time of every claim that nobody renews were over. */
const endLeases = () =>
  worker.db
    .updateTable("pull_requests")
    .set({ claim_expires_at: new Date(0) })
    .execute();

/** What a model may find in any of the changes. */
const overflow = {
  path: "src/change.js",
  startLine: 2,
  endLine: 2,
  severity: "minor",
  category: "correctness",
  title: "Overflows",
  body: "For large values.",
  suggestion: null,
  side: "new",
  quote: "",
  confidence: "high",
} as const;

async function pushed(number: number, text: string): Promise<{ head: string; eventId: string }> {
  const head = await worker.push("change", { "src/change.js": text });
  return { head, eventId: await worker.receive(number, head) };
}

describe("a write under way at GitHub", () => {
  test.each([
    ["review", /\/reviews$/],
    ["summary", /\/issues\/\d+\/comments$/],
  ])("when the worker is stopped: the %s appears once", async (_name, path) => {
    const { number, eventId } = await worker.opened(injection);
    const write = github.hold("POST", path);
    const stop = new AbortController();
    const stopped = run(eventId, {}, stop.signal);
    await write.reached;
    stop.abort(new Error("the consumer stops"));
    await expect(stopped).rejects.toThrow("the consumer stops");

    expect(await run(eventId, { holder: "second" })).toMatchObject({ kind: "later" });
    await write.perform();
    await endLeases();
    expect(await run(eventId, { holder: "second" })).toEqual({ kind: "done" });
    expect(reviews(number)).toHaveLength(1);
    expect(comments(number)).toHaveLength(1);
  });

  test("while the pull request is closed and reopened: the review appears once", async () => {
    const { number, head, eventId } = await worker.opened(injection);
    const write = github.hold("POST", /\/reviews$/);
    const running = run(eventId);
    await write.reached;
    await closePullRequest(worker.db, { repositoryId: worker.repository.id, number, merged: false });
    const reopened = await worker.receive(number, head, "reopened");
    expect(await run(reopened, { holder: "second" })).toMatchObject({ kind: "later" });
    await write.perform();
    expect(await running).toEqual({ kind: "done" });
    await untilDone(reopened, { holder: "second" });
    expect(reviews(number)).toHaveLength(1);
    expect(comments(number)).toHaveLength(1);
  });

  test("while the pull request is closed: it ends, and no other follows", async () => {
    const { number, eventId } = await worker.opened(injection);
    const write = github.hold("POST", /\/reviews$/);
    const running = run(eventId);
    await write.reached;
    await closePullRequest(worker.db, { repositoryId: worker.repository.id, number, merged: false });
    await write.perform();
    expect(await running).toMatchObject({ kind: "later" });
    expect(reviews(number)).toHaveLength(1);
    expect(comments(number)).toEqual([]);
    // It was undone: nobody has to wait for a lease, and only what is new is posted.
    const model = answering({ summary: "", findings: [overflow] });
    expect(await run(eventId, { holder: "second", model })).toEqual({ kind: "done" });
    expect(reviews(number)).toMatchObject([
      { comments: [{ body: expect.stringContaining("SQL") }] },
      { comments: [{ body: expect.stringContaining("Overflows") }] },
    ]);
    expect(comments(number)).toHaveLength(1);
  });
});

test("a draft of the user's own is left alone, and people read the findings in the summary", async () => {
  const { number, head, eventId } = await worker.opened(injection);
  const draft = { commit_id: head, body: "What I think so far" };
  await worker.atGitHub("octocat", "POST", `/pulls/${number}/reviews`, draft);
  expect(await run(eventId)).toEqual({ kind: "done" });
  expect(await worker.event(eventId)).toMatchObject({ status: "completed" });
  expect(reviews(number)).toMatchObject([{ state: "PENDING", body: "What I think so far" }]);
  expect(comments(number)).toHaveLength(1);
  expect(comments(number)[0]?.body).toContain("`src/change.js:2`");
  expect(comments(number)[0]?.body).toContain("here because this account has a draft review of its own");
  const ledger = await worker.db.selectFrom("findings").select(["state", "placement"]).execute();
  expect(ledger).toEqual([{ state: "open", placement: "summary" }]);
});

describe("a binding verdict", () => {
  beforeEach(() => worker.push("main", { ".nectr.yml": "verdict: { mode: binding }\n" }));
  const states = (number: number) => reviews(number).map(({ state }) => state);

  test.each([
    ["a request for changes no longer blocks what was mended", injection, "CHANGES_REQUESTED"],
    ["an approval does not stand for what no model has read", clean, "APPROVED"],
  ])("%s", async (_name, text, state) => {
    const { number, eventId } = await worker.opened(text);
    await run(eventId, { model: answering() });
    expect(states(number)).toEqual([state]);
    const next = await pushed(number, `// Doubles.\n${clean}`);
    await run(next.eventId);
    expect(states(number)).toEqual(["DISMISSED"]);
    expect(comments(number)[0]?.body).toContain("no approval");
    expect(comments(number)[0]?.body).not.toContain("still in force");
  });

  test("is taken back once, though the answer was lost", async () => {
    const { number, eventId } = await worker.opened(injection);
    await run(eventId);
    const next = await pushed(number, clean);
    worker.simulator.faults.add({
      method: "PUT",
      times: 1,
      effect: { kind: "status", status: 502, when: "after" },
    });
    expect(await run(next.eventId)).toMatchObject({ kind: "later" });
    await endLeases();
    expect(await run(next.eventId)).toEqual({ kind: "done" });
    expect(states(number)).toEqual(["DISMISSED"]);
    expect(routes.filter((route) => route.startsWith("PUT"))).toHaveLength(1);
  });

  test("that this account may not take back is named in the summary", async () => {
    const { number, head, eventId } = await worker.opened(injection);
    await run(eventId);
    const next = await pushed(number, clean);
    worker.simulator.faults.add({
      method: "PUT",
      effect: { kind: "status", status: 403, when: "before" },
    });
    expect(await run(next.eventId)).toEqual({ kind: "done" });
    expect(comments(number)[0]?.body).toContain(
      `the request for changes of ${head.slice(0, 7)} is still in force`,
    );
  });

  test("of an earlier push gives way to the next one without a request more", async () => {
    const { number, eventId } = await worker.opened(injection);
    await run(eventId);
    const next = await pushed(number, clean);
    await run(next.eventId, { model: answering() });
    expect(states(number)).toEqual(["CHANGES_REQUESTED", "APPROVED"]);
    expect(routes.filter((route) => /^(PUT|GET .*\/reviews$)/.test(route))).toEqual([]);
  });

  test.each([
    ["approved", answering(), "APPROVED"],
    ["no longer blocked", undefined, "DISMISSED"],
  ])("of a head that comes back after another was %s counts again", async (_name, model, state) => {
    const { number, head, eventId } = await worker.opened(injection);
    await run(eventId);
    const next = await pushed(number, clean);
    await run(next.eventId, { model });
    expect(states(number).at(-1)).toBe(state);
    await worker.reset("change", head);
    await run(await worker.receive(number, head));
    expect(states(number).at(-1)).toBe("CHANGES_REQUESTED");
    expect(comments(number)[0]?.body).toContain("back again");
  });

  test("that a draft was in the way of is given once the draft is gone", async () => {
    const { number, head, eventId } = await worker.opened(injection);
    await worker.atGitHub("octocat", "POST", `/pulls/${number}/reviews`, { commit_id: head, body: "So far" });
    await run(eventId);
    expect(comments(number)[0]?.body).toContain("draft review of its own");
    await worker.atGitHub("octocat", "POST", `/pulls/${number}/reviews/${reviews(number)[0]?.id}/events`, {
      event: "COMMENT",
    });
    await run(await worker.receive(number, head, "reopened"));
    expect(states(number)).toEqual(["COMMENTED", "CHANGES_REQUESTED"]);
  });

  test("what only the look after a closing and reopening finds is posted", async () => {
    const { number, eventId } = await worker.opened(injection);
    await run(eventId);
    const next = await pushed(number, clean);
    const write = github.hold("PUT", /\/dismissals$/);
    const running = run(next.eventId);
    await write.reached;
    await closePullRequest(worker.db, { repositoryId: worker.repository.id, number, merged: false });
    await write.perform();
    expect(await running).toMatchObject({ kind: "later" });
    expect(reviews(number)).toHaveLength(1);
    const model = answering({ summary: "", findings: [overflow] });
    expect(await run(next.eventId, { model })).toEqual({ kind: "done" });
    expect(reviews(number)[1]?.comments).toMatchObject([{ body: expect.stringContaining("Overflows") }]);
  });
});

test("where verdicts are advisory, nobody asks GitHub for earlier ones", async () => {
  const { number, eventId } = await worker.opened(injection);
  await run(eventId);
  const next = await pushed(number, clean);
  await run(next.eventId);
  expect(reviews(number)).toMatchObject([{ state: "COMMENTED" }]);
  expect(routes.filter((route) => /^(PUT|GET .*\/reviews$)/.test(route))).toEqual([]);
});

test("a user who took another login at GitHub is known by their id", async () => {
  const { number, eventId } = await worker.opened(injection);
  await worker.db.updateTable("users").set({ login: "former-name" }).execute();
  worker.simulator.faults.add({
    method: "POST",
    times: 2,
    path: /\/(reviews|comments)$/,
    effect: { kind: "status", status: 502, when: "after" },
  });
  await run(eventId);
  expect(reviews(number)).toHaveLength(1);
  expect(comments(number)).toHaveLength(1);
});

test("another base that comes during the review is noticed before posting", async () => {
  await worker.push("stage", { "README.md": "# Stage\n" });
  const { number, eventId } = await worker.opened(injection);
  const model = answering(undefined, () =>
    worker.atGitHub("hubot", "PATCH", `/pulls/${number}`, { base: "stage" }),
  );
  expect(await run(eventId, { model })).toMatchObject({ kind: "later" });
  expect([...reviews(number), ...comments(number)]).toEqual([]);
  await untilDone(eventId);
  expect(reviews(number)).toHaveLength(1);
});
