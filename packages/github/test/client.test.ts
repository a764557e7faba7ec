import { inspect } from "node:util";
import { describe, expect, test } from "vitest";
import {
  createGitHubClient,
  getAuthenticatedUser,
  getPullRequest,
  getPullRequestDiff,
  getRepository,
  type GitHubError,
  GitHubForbidden,
  GitHubInvalid,
  GitHubNotFound,
  GitHubRateLimited,
  GitHubUnauthorized,
  GitHubUnavailable,
  GitHubUnexpected,
  withSignal,
} from "../src/index.ts";
import { createIssueComment } from "../src/comments.ts";
import type { Attempt } from "../src/transport.ts";
import { createScriptedGitHub, pullRequestJson, type Reply, token } from "./scripted-github.ts";

const shop = { owner: "octocat", name: "shop" };

async function rejection(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new Error("It did not reject");
}

describe("what is sent", () => {
  test("the token, the pinned API version and GitHub's JSON media type", async () => {
    await using github = await createScriptedGitHub(() => ({ json: pullRequestJson() }));
    await getPullRequest(github.client(), shop, 7);
    const [request] = github.requests;
    expect(request?.path).toBe("/repos/octocat/shop/pulls/7");
    expect(request?.headers.authorization).toBe(`token ${token}`);
    expect(request?.headers["x-github-api-version"]).toBe("2022-11-28");
    expect(request?.headers.accept).toBe("application/vnd.github.v3+json");
    expect(request?.headers["user-agent"]).toMatch(/^nectr /);
  });

  test("nothing, for a repository whose name would lead to another route", async () => {
    await using github = await createScriptedGitHub(() => ({ json: {} }));
    for (const repo of [
      { owner: "..", name: "user" },
      { owner: "octocat", name: "." },
      { owner: "octocat", name: "shop/hooks" },
      { owner: "", name: "shop" },
    ]) {
      expect(await rejection(getRepository(github.client(), repo))).toBeInstanceOf(GitHubNotFound);
    }
    expect(github.requests).toEqual([]);
  });

  test("a token that no header can carry is refused before it is used, without being quoted", () => {
    const make = () => createGitHubClient({ apiUrl: "http://localhost", token: "secret\n", userId: "1" });
    expect(make).toThrow(GitHubUnauthorized);
    expect(make).not.toThrow(/secret/);
  });
});

describe("errors", () => {
  const cases: [number, Reply, abstract new (...args: never[]) => GitHubError][] = [
    [401, { status: 401, json: { message: "Bad credentials" } }, GitHubUnauthorized],
    [403, { status: 403, json: { message: "Resource not accessible" } }, GitHubForbidden],
    [404, { status: 404, json: { message: "Not Found" } }, GitHubNotFound],
    [410, { status: 410, json: { message: "Issues are disabled for this repo" } }, GitHubNotFound],
    [451, { status: 451, json: { message: "Repository access blocked" } }, GitHubNotFound],
    [400, { status: 400, json: { message: "Problems parsing JSON" } }, GitHubInvalid],
    [409, { status: 409, json: { message: "Conflict" } }, GitHubInvalid],
    [422, { status: 422, json: { message: "Validation Failed" } }, GitHubInvalid],
    [
      502,
      { status: 502, body: "<html>Bad gateway</html>", headers: { "content-type": "text/html" } },
      GitHubUnavailable,
    ],
    [200, { status: 200, json: { surprise: true } }, GitHubUnexpected],
    [200, { status: 200, body: "<html></html>", headers: { "content-type": "text/html" } }, GitHubUnexpected],
  ];
  test.each(cases)("%i becomes one named error", async (status, reply, type) => {
    await using github = await createScriptedGitHub(() => ({
      ...reply,
      headers: { "x-github-request-id": "ABCD:1", ...("headers" in reply ? reply.headers : {}) },
    }));
    const error = await rejection(getPullRequest(github.client(), shop, 7));
    expect(error).toBeInstanceOf(type);
    expect(error).toMatchObject({ status, requestId: "ABCD:1" });
  });

  test("a 422 keeps GitHub's texts in their order, whatever their form", async () => {
    await using github = await createScriptedGitHub(() => ({
      status: 422,
      json: {
        message: "Unprocessable Entity",
        errors: [
          "line must be part of the diff",
          { resource: "Issue", code: "invalid" },
          { message: "no", code: "custom" },
        ],
      },
    }));
    const error = await rejection(createIssueComment(github.client(), shop, 7, "Hello"));
    expect(error).toMatchObject({
      messages: ["Unprocessable Entity", "line must be part of the diff", "invalid", "no", "custom"],
    });
  });

  test("neither token nor body is found in an error, however deeply it is looked into", async () => {
    await using github = await createScriptedGitHub(({ headers, text }) => ({
      status: 422,
      headers: { "set-cookie": "session=abc" },
      json: { message: `You sent ${headers.authorization} and ${text}` },
    }));
    const refused = await rejection(createIssueComment(github.client(), shop, 7, `see ${token}`));
    const unreachable = createGitHubClient({
      apiUrl: "http://127.0.0.1:1",
      token,
      userId: "1",
      pace: "none",
    });
    const unanswered = await rejection(getPullRequest(unreachable, shop, 7));
    expect(unanswered).toBeInstanceOf(GitHubUnavailable);
    for (const error of [refused, unanswered]) {
      const everything = inspect(error, { depth: 20, showHidden: true });
      expect(everything).toContain("cause");
      expect(everything).not.toContain(token);
      expect(everything).not.toMatch(/authorization|set-cookie/i);
    }
    expect(inspect(github.client(), { depth: 20, showHidden: true })).not.toContain(token);
  });
});

describe("trying again", () => {
  test.each<Reply>([{ fault: "reset" }, { fault: "cut-off" }, { status: 502, body: "" }])(
    "a read survives %o",
    async (fault) => {
      const replies = [fault, fault];
      await using github = await createScriptedGitHub(
        () =>
          replies.shift() ?? { body: "diff --git", headers: { "content-type": "text/plain; charset=utf-8" } },
      );
      expect(await getPullRequestDiff(github.client(), shop, 7)).toBe("diff --git");
      expect(github.requests).toHaveLength(3);
    },
  );

  test.each<Reply>([{ fault: "reset" }, { fault: "cut-off" }, { status: 502, body: "" }])(
    "a write is sent once through %o",
    async (fault) => {
      await using github = await createScriptedGitHub(() => fault);
      const error = await rejection(createIssueComment(github.client(), shop, 7, "Hello"));
      expect(error).toBeInstanceOf(GitHubUnavailable);
      expect(github.requests).toHaveLength(1);
    },
  );

  test("a caller who gives up gets their own reason, at once", async () => {
    const controller = new AbortController();
    const reason = new Error("a newer head");
    await using github = await createScriptedGitHub(() => {
      controller.abort(reason);
      return { fault: "silence" };
    });
    // At GitHub's pace, where waiting between retries would show.
    const client = withSignal(github.client({ pace: "github", userId: "aborted" }), controller.signal);
    const started = performance.now();
    expect(await rejection(getPullRequest(client, shop, 7))).toBe(reason);
    expect(performance.now() - started).toBeLessThan(10_000);
    expect(github.requests).toHaveLength(1);
  });
});

describe("limits", () => {
  test("a primary limit parks until its reset, and no request goes out before", async () => {
    const reset = Math.floor(Date.now() / 1000) + 1800;
    await using github = await createScriptedGitHub(() => ({
      status: 403,
      headers: { "x-ratelimit-remaining": "0", "x-ratelimit-reset": String(reset) },
      json: { message: "API rate limit exceeded for user ID 1." },
    }));
    const client = github.client({ pace: "github", userId: "limited" });
    const error = await rejection(getPullRequest(client, shop, 7));
    expect(error).toBeInstanceOf(GitHubRateLimited);
    expect(error).toMatchObject({ retryAt: new Date((reset + 1) * 1000) });
    expect(await rejection(getRepository(client, shop))).toMatchObject({ kind: "rate-limited" });
    expect(github.requests).toHaveLength(1);
  });

  test.each<[string, Reply, number]>([
    [
      "429 with Retry-After",
      { status: 429, headers: { "retry-after": "90" }, json: { message: "Slow down" } },
      90,
    ],
    [
      "403 with Retry-After",
      {
        status: 403,
        headers: { "retry-after": "120" },
        json: { message: "You have exceeded a secondary rate limit" },
      },
      120,
    ],
    [
      "403 without a time",
      { status: 403, json: { message: "You have exceeded a secondary rate limit" } },
      60,
    ],
    [
      "422 too quickly",
      { status: 422, json: { message: "Validation Failed", errors: ["was submitted too quickly"] } },
      60,
    ],
    ["422 abuse", { status: 422, json: { message: "Validation Failed", errors: [{ code: "abuse" }] } }, 60],
  ])("a secondary limit, %s", async (_name, reply, seconds) => {
    await using github = await createScriptedGitHub(() => reply);
    const calls = [
      () => createIssueComment(github.client(), shop, 7, "Hello"),
      () => getPullRequest(github.client(), shop, 7),
    ];
    for (const call of calls) {
      const before = Date.now();
      const error = await rejection(call());
      expect(error).toBeInstanceOf(GitHubRateLimited);
      const wait = (error as GitHubRateLimited).retryAt.getTime() - before;
      expect(wait).toBeGreaterThanOrEqual(seconds * 1000);
      expect(wait).toBeLessThan(seconds * 1000 + 20_000);
    }
    // Neither is tried again in place.
    expect(github.requests).toHaveLength(2);
  });

  test("a pause of a second is waited for in place, even by a write, since nothing was written", async () => {
    const replies: Reply[] = [
      {
        status: 403,
        headers: { "retry-after": "1" },
        json: { message: "You have exceeded a secondary rate limit" },
      },
    ];
    await using github = await createScriptedGitHub(
      () =>
        replies.shift() ?? {
          status: 201,
          json: { id: 1, user: null, body: "Hello", html_url: "https://github.example/1" },
        },
    );
    const client = github.client({ pace: "github", userId: "brief" });
    expect(await createIssueComment(client, shop, 7, "Hello")).toMatchObject({
      id: 1,
      author: { login: "ghost" },
    });
    expect(github.requests).toHaveLength(2);
  });
});

describe("conditional requests", () => {
  test("an answer that has not changed is taken from the cache, under fresh headers", async () => {
    const seen: Attempt[] = [];
    let title = "first";
    await using github = await createScriptedGitHub(({ headers }) =>
      headers["if-none-match"] === `"${title}"`
        ? { status: 304, headers: { etag: `"${title}"` } }
        : { json: pullRequestJson({ title }), headers: { etag: `"${title}"` } },
    );
    const client = github.client({ onRequest: (attempt) => seen.push(attempt) });
    for (const expected of ["first", "first"]) {
      expect(await getPullRequest(client, shop, 7)).toMatchObject({ title: expected });
    }
    title = "second";
    expect(await getPullRequest(client, shop, 7)).toMatchObject({ title: "second" });
    expect(seen.map(({ status }) => status)).toEqual([200, 304, 200]);
    expect(new Set(seen.map(({ route }) => route))).toEqual(
      new Set(["GET /repos/{owner}/{repo}/pulls/{pull_number}"]),
    );
  });

  test("the diff and the description of one pull request are kept apart", async () => {
    await using github = await createScriptedGitHub(({ headers }) =>
      headers.accept?.includes("diff")
        ? { body: "diff --git", headers: { etag: '"d"', "content-type": "text/plain; charset=utf-8" } }
        : { json: pullRequestJson(), headers: { etag: '"p"' } },
    );
    const client = github.client();
    await getPullRequest(client, shop, 7);
    expect(await getPullRequestDiff(client, shop, 7)).toBe("diff --git");
    expect(github.requests.map(({ headers }) => headers["if-none-match"])).toEqual([undefined, undefined]);
  });

  test("scopes are still known when the user came from the cache", async () => {
    await using github = await createScriptedGitHub(({ headers }) =>
      headers["if-none-match"] === undefined
        ? {
            json: { id: 2, login: "mona", name: null, avatar_url: "https://github.example/mona.png" },
            headers: { etag: '"u"', "x-oauth-scopes": "repo, admin:repo_hook" },
          }
        : { status: 304 },
    );
    const client = github.client();
    await getAuthenticatedUser(client);
    expect(await getAuthenticatedUser(client)).toEqual({
      id: 2,
      login: "mona",
      name: undefined,
      avatarUrl: "https://github.example/mona.png",
      scopes: ["repo", "admin:repo_hook"],
    });
  });
});
