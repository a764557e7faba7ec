import { GitHubNotFound, GitHubRateLimited } from "@nectr/github";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createTextCache, type TextCache } from "../src/repository-texts.ts";
import { type GitHubUnderTest, shop, startGitHub } from "./github-under-test.ts";

let github: GitHubUnderTest;
let texts: TextCache;
let sha: string;

beforeEach(async () => {
  github = await startGitHub();
  texts = createTextCache({ maxBytes: 1_000_000 });
  sha = await github.commit("main", {
    "src/a.ts": "a\n",
    "src/b.ts": "b\n",
    "logo.png": new Uint8Array([0, 1]),
  });
});
afterEach(async () => {
  expect(github.simulator.violations()).toEqual([]);
  await github[Symbol.asyncDispose]();
});

const read = (paths: readonly string[], login = "octocat", at = sha) =>
  texts.read(github.account(login), { ref: shop, repositoryId: github.repositoryId, sha: at, paths });

test("what one review has read the next has at once, and only the rest is asked for", async () => {
  const first = await read(["src/a.ts", "logo.png", "gone.ts"]);
  expect([...first]).toEqual([["src/a.ts", "a\n"]]);
  const second = await read(["gone.ts", "src/b.ts", "src/a.ts", "logo.png"]);
  expect(Object.fromEntries(second)).toEqual({ "src/b.ts": "b\n", "src/a.ts": "a\n" });
  await read(["src/b.ts", "gone.ts"]);
  expect(github.routes).toEqual(["POST /graphql", "POST /graphql"]);
});

test("another commit has texts of its own", async () => {
  await read(["src/a.ts"]);
  const next = await github.commit("main", { "src/a.ts": "new\n" });
  expect((await read(["src/a.ts"], "octocat", next)).get("src/a.ts")).toBe("new\n");
});

test("an account is shown what it may read itself, and nothing that another has read", async () => {
  await read(["src/a.ts"]);
  await expect(read(["src/a.ts"], "stranger")).rejects.toBeInstanceOf(GitHubNotFound);
  expect((await read(["src/a.ts"], "hubot")).get("src/a.ts")).toBe("a\n");
  expect(github.routes).toHaveLength(3);
});

test("what GitHub does not show yet, or refuses, is asked for again", async () => {
  const { faults } = github.simulator;
  const notThere = { kind: "status", status: 404, when: "before" } as const;
  faults.add({ path: /graphql$|contents/, effect: notThere });
  expect((await read(["src/a.ts"])).size).toBe(0);
  faults.clear();
  expect((await read(["src/a.ts"])).size).toBe(1);
  faults.add({ path: "/graphql", effect: { kind: "primary-limit", resetInSeconds: 60 } });
  await expect(read(["src/b.ts"])).rejects.toBeInstanceOf(GitHubRateLimited);
  faults.clear();
  expect((await read(["src/b.ts"])).size).toBe(1);
});

test("what nobody asked for the longest time makes room", async () => {
  const long = "x".repeat(100_000);
  const files = Object.fromEntries(
    Array.from({ length: 8 }, (_, index) => [`${index}.txt`, `${index} ${long}\n`]),
  );
  const head = await github.commit("long", files);
  for (const path of Object.keys(files)) await read([path], "octocat", head);
  await read(["7.txt"], "octocat", head);
  expect(github.routes).toHaveLength(8);
  expect((await read(["0.txt"], "octocat", head)).get("0.txt")).toBe(files["0.txt"]);
  expect(github.routes).toHaveLength(9);
});
