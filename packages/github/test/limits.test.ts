import { setTimeout as delay } from "node:timers/promises";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { createIssueComment } from "../src/comments.ts";
import {
  getPullRequest,
  GitHubRateLimited,
  GitHubUnavailable,
  type LimitState,
  type LimitStore,
  unhurried,
  unusedLimits,
  withSignal,
} from "../src/index.ts";
import { createScriptedGitHub, pullRequestJson, type Reply } from "./scripted-github.ts";

const shop = { owner: "octocat", name: "shop" };
const comment = { id: 1, user: null, body: "Hello", html_url: "https://github.example/1" };
const written: Reply = { status: 201, json: comment };
const secondary = { json: { message: "You have exceeded a secondary rate limit" } };
let users = 0;

/** One of the processes that send in the name of a user, with a throttle of its own as each process has. */
const asProcess = (limits: LimitStore) =>
  ({ pace: "github", limits, userId: `limits-${(users += 1)}` }) as const;

/** A store that can be looked into, and be away. */
interface OpenStore extends LimitStore {
  state: LimitState;
  /** Thrown from now on, after so many more updates. */
  away: { error: Error; after: number } | undefined;
  updates: number;
}

let store: OpenStore;
beforeEach(() => {
  store = {
    state: unusedLimits,
    away: undefined,
    updates: 0,
    async update(change) {
      if (store.away && store.away.after-- <= 0) throw store.away.error;
      store.updates += 1;
      const { state, result } = change(store.state, Date.now());
      store.state = state;
      return result;
    },
  };
});

describe("several processes of one user", () => {
  test("begin a write a second after another's has ended, however slow that was", async () => {
    const times: { from: number; to: number }[] = [];
    await using github = await createScriptedGitHub(async () => {
      const from = Date.now();
      await delay(700);
      times.push({ from, to: Date.now() });
      return written;
    });
    const clients = [1, 2, 3].map(() => github.client(asProcess(store)));
    await Promise.all(clients.map((client) => createIssueComment(client, shop, 7, "Hello")));
    expect(times).toHaveLength(3);
    for (const [i, { from }] of times.slice(1).entries()) {
      expect(from - (times[i]?.to ?? 0)).toBeGreaterThanOrEqual(1_000);
    }
  });

  test("keep the turn to write for as long as the write lasts", async () => {
    const answer = Promise.withResolvers<void>();
    await using github = await createScriptedGitHub(async () => {
      await answer.promise;
      return written;
    });
    const slow = createIssueComment(github.client(asProcess(store)), shop, 7, "Hello");
    await vi.waitUntil(() => github.requests.length === 1);
    const granted = store.state.nextWriteAt;
    await vi.waitUntil(() => Date.now() > granted, { timeout: 10_000 });
    expect(store.state.nextWriteAt).toBeGreaterThan(Date.now());
    answer.resolve();
    await slow;
  });

  test("all leave GitHub in peace when one of them was asked to", async () => {
    const both = Promise.withResolvers<void>();
    await using github = await createScriptedGitHub(async () => {
      if (github.requests.length === 2) both.resolve();
      await both.promise;
      return { status: 403, headers: { "retry-after": "30" }, ...secondary };
    });
    const read = () => getPullRequest(github.client(asProcess(store)), shop, 7);
    const ends = await Promise.allSettled([read(), read()]);
    expect(ends.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
    // Two that met it together have met it once.
    expect(store.state.strikes).toBe(1);
    await expect(read()).rejects.toBeInstanceOf(GitHubRateLimited);
    expect(github.requests).toHaveLength(2);
  });

  test("stop when the last request of the hour was answered, and not only when the next is refused", async () => {
    const reset = Math.floor(Date.now() / 1000) + 1800;
    const headers = { "x-ratelimit-remaining": "0", "x-ratelimit-reset": String(reset) };
    await using github = await createScriptedGitHub(() => ({ headers, json: pullRequestJson() }));
    await getPullRequest(github.client(asProcess(store)), shop, 7);
    const error = await getPullRequest(github.client(asProcess(store)), shop, 7).catch(
      (thrown: unknown) => thrown,
    );
    expect(error).toBeInstanceOf(GitHubRateLimited);
    expect((error as GitHubRateLimited).retryAt.getTime()).toBeGreaterThanOrEqual(reset * 1000);
    expect(github.requests).toHaveLength(1);
  });

  test("leave half to others where they are in no hurry", async () => {
    await using github = await createScriptedGitHub(() => ({ json: pullRequestJson() }));
    const halfUsed = Date.now() + 60_000;
    store.state = { ...unusedLimits, pointsWholeAt: halfUsed };
    const client = github.client(asProcess(store));
    await expect(getPullRequest(unhurried(client), shop, 7)).rejects.toBeInstanceOf(GitHubRateLimited);
    expect(await getPullRequest(client, shop, 7)).toMatchObject({ number: 7 });
    expect(github.requests).toHaveLength(1);
  });
});

test("every attempt counts, also those that Octokit makes by itself", async () => {
  const replies: Reply[] = [{ status: 502, body: "" }, { fault: "reset" }];
  await using github = await createScriptedGitHub(() => replies.shift() ?? { json: pullRequestJson() });
  store.state = { ...unusedLimits, pointsWholeAt: Date.now() + 20_000 };
  const before = store.state.pointsWholeAt;
  await getPullRequest(github.client(asProcess(store)), shop, 7);
  expect(github.requests).toHaveLength(3);
  expect(store.state.pointsWholeAt - before).toBe(3 * 200);
});

describe("waiting for the limits", () => {
  test("ends at once when the caller gives up, with the caller's reason, and nothing is sent", async () => {
    await using github = await createScriptedGitHub(() => written);
    store.state = { ...unusedLimits, pausedUntil: Date.now() + 8_000 };
    const controller = new AbortController();
    const reason = new Error("a newer head");
    const client = withSignal(github.client(asProcess(store)), controller.signal);
    const call = createIssueComment(client, shop, 7, "Hello");
    await vi.waitUntil(() => store.updates > 0);
    controller.abort(reason);
    await expect(call).rejects.toBe(reason);
    expect(Date.now()).toBeLessThan(store.state.pausedUntil);
    expect(github.requests).toEqual([]);
  });

  test("is not for a server of one's own, whose pauses are kept all the same", async () => {
    await using github = await createScriptedGitHub(() => written);
    const client = github.client({ limits: store });
    store.state = { ...unusedLimits, writesWholeAt: Date.now() + 3_600_000, nextWriteAt: Date.now() + 4_000 };
    await createIssueComment(client, shop, 7, "Hello");
    store.state = { ...unusedLimits, pausedUntil: Date.now() + 2_000 };
    await expect(createIssueComment(client, shop, 7, "Hello")).rejects.toBeInstanceOf(GitHubRateLimited);
    expect(github.requests).toHaveLength(1);
  });
});

describe("a store that is away", () => {
  const error = new Error("the database is away");

  test("is seen as what it is, and nothing is sent or tried again", async () => {
    await using github = await createScriptedGitHub(() => ({ json: pullRequestJson() }));
    store.away = { error, after: 0 };
    const client = github.client(asProcess(store));
    await expect(getPullRequest(client, shop, 7)).rejects.toBe(error);
    await expect(createIssueComment(client, shop, 7, "Hello")).rejects.toBe(error);
    expect(github.requests).toEqual([]);
  });

  test("does not take back the answer to a write, nor what a refusal says", async () => {
    const warnings: string[] = [];
    const log = { debug() {}, info() {}, error() {}, warn: (message: string) => void warnings.push(message) };
    const replies: Reply[] = [written, { status: 429, headers: { "retry-after": "90" }, json: {} }];
    await using github = await createScriptedGitHub(() => replies.shift() ?? { status: 500 });
    store.away = { error, after: 1 };
    expect(
      await createIssueComment(github.client({ ...asProcess(store), log }), shop, 7, "Hello"),
    ).toMatchObject({
      id: 1,
    });
    expect(warnings).toEqual([expect.stringContaining("the database is away")]);
    store.state = unusedLimits;
    store.away = { error, after: 1 };
    const refused = createIssueComment(github.client(asProcess(store)), shop, 7, "Hello");
    const before = Date.now();
    const limit = await refused.catch((thrown: unknown) => thrown);
    expect(limit).toBeInstanceOf(GitHubRateLimited);
    expect((limit as GitHubRateLimited).retryAt.getTime()).toBeGreaterThanOrEqual(before + 90_000);
  });

  test("after a doubtful write leaves the doubt to the caller", async () => {
    await using github = await createScriptedGitHub(() => ({ fault: "reset" }));
    store.away = { error, after: 1 };
    const write = createIssueComment(github.client(asProcess(store)), shop, 7, "Hello");
    await expect(write).rejects.toBeInstanceOf(GitHubUnavailable);
  });
});
