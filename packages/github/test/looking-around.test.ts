import { describe, expect, test } from "vitest";
import {
  getFileContent,
  getIssue,
  getPullRequest,
  GitHubInvalid,
  GitHubRateLimited,
  listDirectory,
  listFileHistory,
  searchCode,
  setCommitStatus,
} from "../src/index.ts";
import { createScriptedGitHub, pullRequestJson, type Reply } from "./scripted-github.ts";

const shop = { owner: "octocat", name: "shop" };
const notFound: Reply = { status: 404, json: { message: "Not Found" } };

test("what Git LFS keeps in place of a file is no text", async () => {
  await using github = await createScriptedGitHub(() => ({
    body: "version https://git-lfs.github.com/spec/v1\noid sha256:1\nsize 2\n",
    headers: { "content-type": "application/vnd.github.raw+json; charset=utf-8" },
  }));
  expect(await getFileContent(github.client(), shop, "a.ts", "main")).toBeUndefined();
});

describe("a directory", () => {
  const entry = (fields: object) => ({
    name: "a b.ts",
    path: "src/a b.ts",
    type: "file",
    size: 3,
    ...fields,
  });

  test("is a list of what lies in it", async () => {
    await using github = await createScriptedGitHub(() => ({
      json: [entry({ sha: "x" }), entry({ name: "lib", path: "src/lib", type: "dir", size: 0 })],
    }));
    const listed = await listDirectory(github.client(), shop, "src dir/x", "abc");
    expect(listed).toEqual([
      { name: "a b.ts", path: "src/a b.ts", type: "file", size: 3 },
      { name: "lib", path: "src/lib", type: "dir", size: 0 },
    ]);
    await listDirectory(github.client(), shop, "", "abc");
    expect(github.requests.map(({ path }) => path)).toEqual([
      "/repos/octocat/shop/contents/src%20dir/x",
      "/repos/octocat/shop/contents",
    ]);
    expect(github.requests[0]?.query.get("ref")).toBe("abc");
  });

  test("is undefined for a file, for nothing, and for a path that leads out", async () => {
    const replies: Reply[] = [{ json: entry({}) }, notFound];
    await using github = await createScriptedGitHub(() => replies.shift() ?? { json: [] });
    const client = github.client();
    expect(await listDirectory(client, shop, "a.ts", "abc")).toBeUndefined();
    expect(await listDirectory(client, shop, "gone", "abc")).toBeUndefined();
    expect(await listDirectory(client, shop, "../../../user", "abc")).toBeUndefined();
    expect(github.requests).toHaveLength(2);
  });
});

test("a file's history has who changed it when, and why in a line", async () => {
  const commit = (author: object | null, name: string | null) => ({
    sha: "c".repeat(40),
    author,
    commit: { message: "Fix tax\n\nIt was wrong.", author: { name, date: "2026-01-02T03:04:05Z" } },
  });
  await using github = await createScriptedGitHub(() => ({
    json: [commit({ login: "mona" }, "Mona L"), commit({}, "Old Hand"), commit(null, null)],
  }));
  const history = await listFileHistory(github.client(), shop, "src/tax.ts", "abc", { limit: 10 });
  expect(history.map(({ author }) => author)).toEqual(["mona", "Old Hand", "unknown"]);
  expect(history[0]).toMatchObject({ title: "Fix tax", date: new Date("2026-01-02T03:04:05Z") });
  expect(Object.fromEntries(github.requests[0]?.query ?? [])).toEqual({
    path: "src/tax.ts",
    sha: "abc",
    per_page: "10",
  });
});

describe("an issue by its number", () => {
  const issueJson = (fields: object = {}) => ({
    number: 3,
    title: "Tax",
    body: null,
    state: "open",
    user: null,
    labels: ["bug"],
    html_url: "https://github.example/3",
    repository_url: "https://api.github.example/repos/OctoCat/shop",
    updated_at: "2026-01-02T03:04:05Z",
    ...fields,
  });

  test("may be a pull request, and may be none", async () => {
    const replies: Reply[] = [{ json: issueJson({ pull_request: { url: "x" } }) }, notFound];
    await using github = await createScriptedGitHub(() => replies.shift() ?? { json: issueJson() });
    const client = github.client();
    expect(await getIssue(client, shop, 3)).toMatchObject({ title: "Tax", isPullRequest: true });
    expect(await getIssue(client, shop, 4)).toBeUndefined();
    expect(await getIssue(client, shop, 5)).toMatchObject({ labels: ["bug"], isPullRequest: false });
  });

  test("is not shown where it was moved to another repository, though GitHub leads there", async () => {
    const elsewhere = issueJson({
      title: "Secret plan",
      repository_url: "https://api.github.example/repos/octocat/secret-shop",
    });
    await using github = await createScriptedGitHub(({ path }) =>
      path === "/repositories/9/issues/1"
        ? { json: elsewhere }
        : { status: 301, headers: { location: "/repositories/9/issues/1" }, json: {} },
    );
    expect(await getIssue(github.client(), shop, 3)).toBeUndefined();
    expect(github.requests).toHaveLength(2);
  });
});

describe("a search of code", () => {
  const hit = (fullName: string, path: string) => ({
    path,
    repository: { full_name: fullName },
    text_matches: [{ fragment: "const tax = 1;" }, { fragment: null }],
  });

  test("stays in the repository, whatever the words say", async () => {
    await using github = await createScriptedGitHub(() => ({
      json: { items: [hit("Octocat/Shop", "src/tax.ts"), hit("octocat/secret", "keys.ts")] },
    }));
    const hits = await searchCode(github.client(), shop, 'tax" repo:octocat/secret "\nrate');
    expect(hits).toEqual([{ path: "src/tax.ts", fragments: ["const tax = 1;"] }]);
    expect(github.requests[0]?.query.get("q")).toBe('"tax repo:octocat/secret rate" repo:octocat/shop');
    expect(await searchCode(github.client(), shop, ' "" ')).toEqual([]);
    await searchCode(github.client(), shop, "😀".repeat(300));
    expect(github.requests[1]?.query.get("q")?.length).toBeLessThan(256);
  });

  test("that is used up for a minute keeps no other request back", async () => {
    const reset = Math.floor(Date.now() / 1000) + 50;
    const headers = {
      "x-ratelimit-resource": "code_search",
      "x-ratelimit-remaining": "0",
      "x-ratelimit-reset": String(reset),
    };
    const replies: Reply[] = [
      { headers, json: { items: [] } },
      { status: 403, headers, json: { message: "API rate limit exceeded" } },
    ];
    await using github = await createScriptedGitHub(() => replies.shift() ?? { json: pullRequestJson() });
    const client = github.client();
    expect(await searchCode(client, shop, "tax")).toEqual([]);
    const error: unknown = await searchCode(client, shop, "tax").catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(GitHubRateLimited);
    expect((error as GitHubRateLimited).retryAt.getTime()).toBeGreaterThanOrEqual(reset * 1000);
    expect(await getPullRequest(client, shop, 7)).toMatchObject({ number: 7 });
  });
});

test("a status that GitHub would refuse for its length is not sent", async () => {
  await using github = await createScriptedGitHub(() => ({ status: 201, json: {} }));
  const status = { state: "pending", description: "x".repeat(140), context: "nectr/review" } as const;
  await setCommitStatus(github.client(), shop, "abc", status);
  expect(github.requests[0]).toMatchObject({ path: "/repos/octocat/shop/statuses/abc", json: status });
  const longer = { ...status, description: "x".repeat(141) };
  await expect(setCommitStatus(github.client(), shop, "abc", longer)).rejects.toBeInstanceOf(GitHubInvalid);
  expect(github.requests).toHaveLength(1);
});
