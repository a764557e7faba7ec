import { createHash, randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createSimulator, type FaultEffect, type Simulator } from "@nectr/github-simulator";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import {
  authorizeUrl,
  createGitHubClient,
  exchangeCode,
  getAuthenticatedUser,
  getFileContent,
  getIssue,
  getPrimaryEmail,
  getPullRequest,
  getPullRequestDiff,
  getRepository,
  getRepositoryById,
  type GitHubClient,
  GitHubInvalid,
  GitHubNotFound,
  GitHubRateLimited,
  GitHubUnauthorized,
  installWebhook,
  listDirectory,
  listFileHistory,
  listIssues,
  listOpenPullRequests,
  listPullRequestFiles,
  listRepositories,
  listFailedDeliveries,
  OAuthError,
  postReviewOnce,
  readTexts,
  redeliverWebhook,
  revokeGrant,
  searchCode,
  setCommitStatus,
  uninstallWebhook,
  upsertSummaryComment,
} from "../src/index.ts";
import { createReview, listReviews } from "../src/reviews.ts";

const shop = { owner: "octocat", name: "shop" };
const till =
  "export function total(prices: number[]) {\n  let sum = 0;\n  for (const p of prices) sum += p;\n  return sum;\n}\n";

let simulator: Simulator;
let dataDir: string;
let client: GitHubClient;

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), "nectr-github-"));
  simulator = await createSimulator({ dataDir, port: 0, checkResponses: true });
  const { token } = await simulator.createUser({ login: "octocat", email: "octocat@example.org" });
  await simulator.createUser({ login: "mona" });
  await simulator.createRepository({ owner: "octocat", name: "shop", members: { mona: "write" } });
  await simulator.commit({
    repository: "octocat/shop",
    branch: "main",
    files: { "README.md": "# Shop\n" },
    message: "Start",
  });
  client = createGitHubClient({ apiUrl: simulator.url, token, userId: "1", pace: "none" });
});

afterEach(() => simulator.faults.clear());

afterAll(async () => {
  await simulator.close();
  await rm(dataDir, { recursive: true, force: true });
});

let pulls = 0;

/** A pull request of its own for each story, with `src/till.ts` (5 lines) and what else is given. */
async function openPull(author = "mona", files: Record<string, string | Uint8Array> = {}) {
  const head = `till-${(pulls += 1)}`;
  const branch = { repository: "octocat/shop", branch: head, from: "main" };
  await simulator.commit({ ...branch, files: { "src/till.ts": till, ...files }, message: "Add a till" });
  return simulator.openPullRequest({
    repository: "octocat/shop",
    author,
    head,
    base: "main",
    title: `Till ${pulls}`,
  });
}

describe("reading", () => {
  test("the user, the repository and its pull requests", async () => {
    const { number, headSha } = await openPull();
    expect(await getAuthenticatedUser(client)).toMatchObject({
      login: "octocat",
      scopes: expect.arrayContaining(["repo"]),
    });
    expect(await getPrimaryEmail(client)).toBe("octocat@example.org");
    expect(await getRepository(client, shop)).toMatchObject({
      fullName: "octocat/shop",
      permissions: { admin: true },
    });
    expect((await listRepositories(client)).map(({ fullName }) => fullName)).toEqual(["octocat/shop"]);
    expect(await getPullRequest(client, shop, number)).toMatchObject({
      number,
      state: "open",
      merged: false,
      author: { login: "mona" },
      head: { sha: headSha, fork: false },
      changedFiles: 1,
      additions: 5,
    });
    expect((await listOpenPullRequests(client, shop)).map((pull) => pull.number)).toContain(number);
    expect(await listIssues(client, shop, { state: "all" })).toEqual([]);
    await expect(getPullRequest(client, shop, 9999)).rejects.toThrow(GitHubNotFound);
  });

  test("the diff, the files and their contents, under names that need care", async () => {
    const files = {
      "docs/what is #1?.md": "one\n",
      "träger/日本.txt": "two\n",
      "logo.bin": new Uint8Array([0, 1, 2]),
    };
    const { number, headSha } = await openPull("mona", files);
    const listed = await listPullRequestFiles(client, shop, number);
    expect(listed.map(({ path }) => path).toSorted()).toEqual(
      [...Object.keys(files), "src/till.ts"].toSorted(),
    );
    expect(listed.find(({ path }) => path === "src/till.ts")).toMatchObject({
      status: "added",
      additions: 5,
    });
    expect(listed.find(({ path }) => path === "logo.bin")).not.toHaveProperty("patch");
    expect(await getPullRequestDiff(client, shop, number)).toContain("+  return sum;");
    expect(await getFileContent(client, shop, "docs/what is #1?.md", headSha)).toBe("one\n");
    expect(await getFileContent(client, shop, "träger/日本.txt", headSha)).toBe("two\n");
    const textless = ["logo.bin", "docs", "absent.ts"].map((path) =>
      getFileContent(client, shop, path, headSha),
    );
    expect(await Promise.all(textless)).toEqual([undefined, undefined, undefined]);
  });
});

test("every file is whole, where one page of them is cut short", async () => {
  const lines = Array.from({ length: 1500 }, (_, line) => `line ${line}`).join("\n");
  const files = Object.fromEntries(Array.from({ length: 25 }, (_, file) => [`src/${file}.ts`, lines]));
  const { number } = await openPull("mona", files);
  const listed = await listPullRequestFiles(client, shop, number);
  expect(listed).toHaveLength(26);
  expect(listed.filter(({ additions, patch }) => additions === 0 || patch === undefined)).toEqual([]);
  // In one page the simulator, like GitHub, leaves some of them empty.
  const route = "GET /repos/{owner}/{repo}/pulls/{pull_number}/files";
  const page = await client.send(route, {
    owner: "octocat",
    repo: "shop",
    pull_number: number,
    per_page: 100,
  });
  expect(page.data).toContainEqual(expect.objectContaining({ additions: 0, changes: 0 }));
});

const markerStart = "<!-- nectr:review 1/2/";
const marker = `${markerStart}abc/0 -->`;

async function post(
  number: number,
  commitId: string,
  { lines = [2, 4], doubtful = false }: { lines?: number[]; doubtful?: boolean } = {},
) {
  const comments = lines.map((line, index) => ({ path: "src/till.ts", line, body: `Remark ${index}` }));
  const review = { commitId, body: `Findings.\n${marker}`, event: "REQUEST_CHANGES", comments } as const;
  const { id: viewerId } = await getAuthenticatedUser(client);
  return postReviewOnce(client, shop, number, { marker, markerStart, viewerId, review, doubtful });
}

describe("posting", () => {
  test.each<[string, FaultEffect]>([
    ["a 502 before it was written", { kind: "status", status: 502, when: "before" }],
    ["a 502 after it was written", { kind: "status", status: 502, when: "after" }],
    ["a reset before it was written", { kind: "reset", when: "before" }],
    ["a reset after it was written", { kind: "reset", when: "after" }],
  ])("one review and one summary in spite of %s", async (_name, effect) => {
    const { number, headSha } = await openPull();
    simulator.faults.add({ method: "POST", path: /reviews$/, times: 1, effect });
    const { movedToSummary } = await post(number, headSha);
    expect(movedToSummary).toEqual([]);
    const reviews = simulator.reviews("octocat/shop", number);
    expect(reviews).toMatchObject([
      { login: "octocat", state: "CHANGES_REQUESTED", comments: [{ line: 2 }, { line: 4 }] },
    ]);

    simulator.faults.add({ method: "POST", path: /comments$/, times: 1, effect });
    const { id: viewerId } = await getAuthenticatedUser(client);
    const summary = { marker, viewerId, body: `Summary\n${marker}`, doubtful: false };
    const { id } = await upsertSummaryComment(client, shop, number, summary);
    await upsertSummaryComment(client, shop, number, { ...summary, body: `Edited\n${marker}`, knownId: id });
    expect(simulator.comments("octocat/shop", number)).toMatchObject([{ id, body: `Edited\n${marker}` }]);
  });

  test("the comments that are on the diff, whichever are not", async () => {
    const { number, headSha } = await openPull();
    const lines = [1, 2, 99, 3, 4, 6, 5];
    expect(await post(number, headSha, { lines })).toMatchObject({ movedToSummary: [2, 5] });
    expect(await post(number, headSha, { lines, doubtful: true })).toMatchObject({ movedToSummary: [2, 5] });
    const reviews = simulator.reviews("octocat/shop", number);
    expect(reviews).toHaveLength(1);
    expect(reviews[0]?.comments.map(({ line }) => line)).toEqual([1, 2, 3, 4, 5]);
  });

  test("a comment in place of a verdict on one's own pull request", async () => {
    const { number, headSha } = await openPull("octocat");
    await post(number, headSha);
    expect(simulator.reviews("octocat/shop", number)).toMatchObject([{ state: "COMMENTED" }]);
  });

  test("past our own draft, and not past a person's", async () => {
    const ours = await openPull();
    await createReview(client, shop, ours.number, { commitId: ours.headSha, body: marker, comments: [] });
    await post(ours.number, ours.headSha);
    expect(simulator.reviews("octocat/shop", ours.number)).toMatchObject([{ state: "CHANGES_REQUESTED" }]);

    const theirs = await openPull();
    const draft = await createReview(client, shop, theirs.number, {
      commitId: theirs.headSha,
      body: "Hm",
      comments: [],
    });
    expect(await post(theirs.number, theirs.headSha)).toEqual({ review: undefined, movedToSummary: [0, 1] });
    // The person finishes it.
    await client.send("POST /repos/{owner}/{repo}/pulls/{pull_number}/reviews/{review_id}/events", {
      owner: shop.owner,
      repo: shop.name,
      pull_number: theirs.number,
      review_id: draft.id,
      event: "COMMENT",
      body: "Done",
    });
    await post(theirs.number, theirs.headSha);
    expect((await listReviews(client, shop, theirs.number)).map(({ state }) => state)).toEqual([
      "COMMENTED",
      "CHANGES_REQUESTED",
    ]);
  });
});

describe("a token", () => {
  test("that met a limit waits for its end, and one that was revoked is told so", async () => {
    const { token } = await simulator.createUser({ login: "lin" });
    const limited = createGitHubClient({ apiUrl: simulator.url, token, userId: "2", pace: "none" });
    simulator.faults.add({ user: "lin", times: 1, effect: { kind: "primary-limit", resetInSeconds: 900 } });
    await expect(getRepository(limited, shop)).rejects.toThrow(GitHubRateLimited);
    simulator.revokeToken(token);
    const revoked = createGitHubClient({ apiUrl: simulator.url, token, userId: "2", pace: "none" });
    await expect(getAuthenticatedUser(revoked)).rejects.toThrow(GitHubUnauthorized);
  });
});

describe("signing in", () => {
  /** What the browser brings back from the consent page: the code, by way of the redirect. */
  async function consent(codeChallenge: string): Promise<{ code: string; redirectUri: string }> {
    const redirectUri = "http://localhost:8000/auth/github/callback";
    const address = authorizeUrl({
      githubUrl: simulator.url,
      clientId: simulator.clientId,
      redirectUri,
      state: "state",
      codeChallenge,
      scopes: ["repo", "user:email"],
    });
    const { origin, pathname, searchParams } = new URL(address);
    const body = new URLSearchParams([...searchParams, ["login", "octocat"], ["decision", "authorize"]]);
    const answer = await fetch(origin + pathname, { method: "POST", body, redirect: "manual" });
    const back = new URL(answer.headers.get("location") ?? "");
    expect(back.searchParams.get("state")).toBe("state");
    return { code: back.searchParams.get("code") ?? "", redirectUri };
  }

  test("gives a token that works until it is revoked; a code works once, and only for its verifier", async () => {
    const { url, clientId, clientSecret } = simulator;
    const app = { clientId, clientSecret, githubUrl: url };
    const codeVerifier = randomBytes(32).toString("base64url");
    const challenge = createHash("sha256").update(codeVerifier).digest("base64url");

    const granted = await consent(challenge);
    const { accessToken, scopes } = await exchangeCode({ ...app, ...granted, codeVerifier });
    expect(scopes.toSorted()).toEqual(["repo", "user:email"]);
    const mine = createGitHubClient({ apiUrl: url, token: accessToken, userId: "1", pace: "none" });
    expect(await getAuthenticatedUser(mine)).toMatchObject({ login: "octocat" });
    const again = exchangeCode({ ...app, ...granted, codeVerifier });
    await expect(again).rejects.toMatchObject({ code: "bad_verification_code" });
    const stolen = exchangeCode({ ...app, ...(await consent(challenge)), codeVerifier: "x".repeat(43) });
    await expect(stolen).rejects.toThrow(OAuthError);

    await revokeGrant({ apiUrl: url, clientId, clientSecret, token: accessToken });
    await expect(getAuthenticatedUser(mine)).rejects.toThrow(GitHubUnauthorized);
    // The app gives back what is gone already.
    await revokeGrant({ apiUrl: url, clientId, clientSecret, token: accessToken });
  });
});

describe("looking around", () => {
  test("many texts in one request, as each is by itself", async () => {
    const long = `${"é".repeat(300_000)}\n`;
    const files = {
      "docs/what is #1?.md": "one\n",
      "träger/日本.txt": "two\n",
      "long.txt": long,
      "huge.txt": "x".repeat(1_000_001),
      "latin.txt": new Uint8Array([0x66, 0xfc, 0x72, 0x0a]),
      "logo.bin": new Uint8Array([0, 1, 2]),
    };
    const { number, headSha } = await openPull("mona", files);
    const { base } = await getPullRequest(client, shop, number);
    const paths = [...Object.keys(files), "src/till.ts", "src", "absent.ts", "../README.md"];
    const from = simulator.requests().length;
    const texts = await readTexts(client, shop, [
      { ref: headSha, paths },
      { ref: base.sha, paths: ["README.md", "src/till.ts"] },
    ]);
    expect(Object.fromEntries(texts.get(headSha) ?? [])).toEqual({
      "docs/what is #1?.md": "one\n",
      "träger/日本.txt": "two\n",
      "long.txt": long,
      "src/till.ts": till,
    });
    expect([...(texts.get(base.sha) ?? [])]).toEqual([["README.md", "# Shop\n"]]);
    const asked = simulator.requests().slice(from);
    expect(asked.map(({ path }) => path.replace(/.*\/contents\//, "")).toSorted()).toEqual([
      "/graphql",
      "latin.txt",
      "long.txt",
    ]);
    for (const path of paths) {
      expect([path, await getFileContent(client, shop, path, headSha)]).toEqual([
        path,
        texts.get(headSha)?.get(path),
      ]);
    }
  });

  test("an Enterprise server's addresses serve as well", async () => {
    const { headSha } = await openPull();
    const { token } = await simulator.createUser({ login: "enterprising" });
    const apiUrl = `${simulator.url}/api/v3`;
    const other = createGitHubClient({ apiUrl, token, userId: "2", pace: "none" });
    const from = simulator.requests().length;
    const texts = await readTexts(other, shop, [{ ref: headSha, paths: ["src/till.ts"] }]);
    expect(texts.get(headSha)?.get("src/till.ts")).toBe(till);
    expect(simulator.requests().slice(from)).toMatchObject([{ path: "/api/graphql", status: 200 }]);
  });

  test("no repository is no repository, whoever asks", async () => {
    const nowhere = { owner: "octocat", name: "nowhere" };
    const reading = readTexts(client, nowhere, [{ ref: "a".repeat(40), paths: ["a.ts"] }]);
    await expect(reading).rejects.toThrow(GitHubNotFound);
  });

  test("GraphQL's limit is told with its end, and keeps nothing else back", async () => {
    const { number, headSha } = await openPull();
    simulator.faults.add({ path: "/graphql", effect: { kind: "primary-limit", resetInSeconds: 600 } });
    const reading = readTexts(client, shop, [{ ref: headSha, paths: ["src/till.ts"] }]);
    const error: unknown = await reading.catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(GitHubRateLimited);
    expect((error as GitHubRateLimited).retryAt.getTime()).toBeGreaterThan(Date.now() + 500_000);
    expect(await getPullRequest(client, shop, number)).toMatchObject({ number });
  });

  test("directories, histories, issues and a search, at the head", async () => {
    const { number, headSha } = await openPull();
    expect(await listDirectory(client, shop, "src", headSha)).toEqual([
      { name: "till.ts", path: "src/till.ts", type: "file", size: till.length },
    ]);
    expect((await listDirectory(client, shop, "", headSha))?.map(({ name }) => name)).toEqual([
      "README.md",
      "src",
    ]);
    expect(await listDirectory(client, shop, "src/till.ts", headSha)).toBeUndefined();
    expect(await listFileHistory(client, shop, "src/till.ts", headSha, { limit: 5 })).toMatchObject([
      { title: "Add a till" },
    ]);
    expect(await getIssue(client, shop, number)).toMatchObject({ number, isPullRequest: true });
    expect(await getIssue(client, shop, 9999)).toBeUndefined();
    expect(await searchCode(client, shop, "# Shop")).toEqual([
      { path: "README.md", fragments: ["# Shop\n"] },
    ]);
  });

  test("a commit's status", async () => {
    const { headSha } = await openPull();
    const status = { state: "success", description: "All was read", context: "nectr/review" } as const;
    await setCommitStatus(client, shop, headSha, { ...status, targetUrl: "https://example.org/1" });
    const shown = await fetch(`${simulator.url}/repos/octocat/shop/commits/${headSha}/statuses`);
    expect(await shown.json()).toMatchObject([{ ...status, target_url: "https://example.org/1" }]);
    const unknown = setCommitStatus(client, shop, "a".repeat(40), status);
    await expect(unknown).rejects.toThrow(GitHubInvalid);
  });
});

describe("a webhook", () => {
  test("is installed, repaired, asked for its deliveries and removed", async () => {
    // Nobody listens there: every delivery fails, which is what is looked for.
    const settings = { url: "http://127.0.0.1:9/api/v1/webhooks/github", secret: "0123456789abcdef" };
    const since = new Date(Date.now() - 60_000);
    const hookId = await installWebhook(client, shop, settings);
    expect(await installWebhook(client, shop, settings)).toBe(hookId);

    await openPull();
    await simulator.deliveriesSettled();
    const { failed, allowance } = await listFailedDeliveries(client, shop, hookId, { since });
    const opened = failed.find(({ event, action }) => event === "pull_request" && action === "opened");
    expect(opened).toMatchObject({ redelivery: false });
    expect(allowance?.remaining).toBeGreaterThan(4_000);
    expect(allowance?.resetAt.getTime()).toBeGreaterThan(Date.now());
    await redeliverWebhook(client, shop, hookId, opened?.id ?? 0);
    await simulator.deliveriesSettled();
    const again = await listFailedDeliveries(client, shop, hookId, { since });
    expect(again.failed.filter(({ guid }) => guid === opened?.guid)).toHaveLength(2);

    await uninstallWebhook(client, shop, hookId);
    await uninstallWebhook(client, shop, hookId);
  });
});

test("a repository that moved is read and written under its old name, and known by its id", async () => {
  const cart = { owner: "octocat", name: "cart" };
  const { id } = await simulator.createRepository(cart);
  simulator.renameRepository("octocat/cart", "basket");
  expect(await getRepository(client, cart)).toMatchObject({ id, fullName: "octocat/basket" });
  const settings = { url: "http://127.0.0.1:9/api/v1/webhooks/github", secret: "0123456789abcdef" };
  const hookId = await installWebhook(client, cart, settings);
  expect(await installWebhook(client, { ...cart, name: "basket" }, settings)).toBe(hookId);

  simulator.transferRepository("octocat/basket", "mona");
  const moved = { id, fullName: "mona/basket", permissions: { admin: false, push: true } };
  expect(await getRepository(client, cart)).toMatchObject(moved);
  expect(await getRepositoryById(client, id)).toMatchObject(moved);
  await expect(getRepositoryById(client, 1)).rejects.toThrow(GitHubNotFound);
});

test("nothing that was sent, and nothing that came back, breaks GitHub's schema", () => {
  expect(simulator.writes().length).toBeGreaterThan(20);
  expect(simulator.violations()).toEqual([]);
});
