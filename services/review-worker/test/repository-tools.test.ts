import { GitHubUnavailable, type PullRequest, getPullRequest } from "@nectr/github";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createRepositoryTools, type HeadTools } from "../src/repository-tools.ts";
import { createTextCache } from "../src/repository-texts.ts";
import { type GitHubUnderTest, shop, startGitHub } from "./github-under-test.ts";

let github: GitHubUnderTest;
let tools: HeadTools;
let pull: PullRequest;

beforeEach(async () => {
  github = await startGitHub();
  await github.commit("main", {
    "src/tax.ts": "export function taxOf(sum: number) {\n  return sum * 0.2;\n}\n",
    "src/old.ts": "import { taxOf } from './tax.ts';\n",
    "src/cart.ts": "const due = taxOf(1);\n",
    "docs/a b.md": "taxOf is documented here\n",
  });
  await github.commit("change", {
    "src/cart.ts": "const due = taxOf(2);\nconst rest = taxOf(3);\n",
    "src/new.ts": "export const fresh = 1;\n",
    "src/old.ts": null,
  });
  const { number } = await github.simulator.openPullRequest({
    repository: "octocat/shop",
    head: "change",
    title: "Tax twice",
    body: "See the plan.",
    author: "hubot",
  });
  const account = github.account("octocat");
  pull = await getPullRequest(account.client, shop, number);
  const repository = { id: github.repositoryId, fullName: "octocat/shop" };
  const context = {
    account: { ...account, userId: 1, refused: async () => {} },
    ref: shop,
    repository,
    pull,
  };
  const texts = createTextCache({ maxBytes: 1_000_000 });
  tools = createRepositoryTools({ texts }, context, ["src/cart.ts", "src/new.ts", "src/old.ts"]);
  github.routes.length = 0;
});
afterEach(async () => {
  expect(github.simulator.violations()).toEqual([]);
  await github[Symbol.asyncDispose]();
});

describe("a file", () => {
  test("is the one at the head, however its path is written, and asked for once", async () => {
    const written = ["src/cart.ts", "./src/cart.ts", "/src/cart.ts"];
    const read = await Promise.all(written.map((path) => tools.readFile(path)));
    expect(read).toEqual(written.map(() => "const due = taxOf(2);\nconst rest = taxOf(3);\n"));
    expect(await tools.readFile("src/old.ts")).toBeUndefined();
    expect(await tools.readFile("src/old.ts")).toBeUndefined();
    expect(github.routes).toEqual(["POST /graphql", "POST /graphql"]);
  });

  test.each(["../secret.ts", "src/../../../user", "src//cart.ts", "", ".", "/", "\ud800"])(
    "is none at %j, and nothing is asked for",
    async (path) => {
      expect(await tools.readFile(path)).toBeUndefined();
      expect(github.routes).toEqual([]);
    },
  );

  test("is asked for again where GitHub did not answer", async () => {
    const { faults } = github.simulator;
    faults.add({ path: /graphql|contents/, effect: { kind: "reset", when: "before" } });
    await expect(tools.readFile("src/tax.ts")).rejects.toBeInstanceOf(GitHubUnavailable);
    faults.clear();
    expect(await tools.readFile("src/tax.ts")).toContain("taxOf");
  });
});

describe("a search", () => {
  test("finds the text at the head: in what changes, and in what the default branch has", async () => {
    expect((await tools.searchCode("taxOf(")) ?? "").toBe(
      [
        "src/cart.ts:1: const due = taxOf(2);",
        "src/cart.ts:2: const rest = taxOf(3);",
        "src/tax.ts:1: export function taxOf(sum: number) {",
      ].join("\n"),
    );
    expect(await tools.searchCode("fresh")).toBe("src/new.ts:1: export const fresh = 1;");
  });

  test("tells nothing that is not at the head any more, or not just so", async () => {
    expect(await tools.searchCode("import { taxOf }")).toBeUndefined();
    expect(await tools.searchCode("taxOf(1)")).toBeUndefined();
    expect(await tools.searchCode("TAXOF")).toBeUndefined();
    expect(await tools.searchCode("x")).toBeUndefined();
    expect(await tools.searchCode("\n \n")).toBeUndefined();
  });

  test("never leaves the repository", async () => {
    await github.simulator.createRepository({ owner: "octocat", name: "secret", private: true });
    const secret = { repository: "octocat/secret", branch: "main", files: { "key.ts": "hidden = 1;\n" } };
    await github.simulator.commit({ ...secret, message: "Hide" });
    expect(await tools.searchCode('hidden" repo:octocat/secret "')).toBeUndefined();
    expect(await tools.searchCode("hidden repo:octocat/secret")).toBeUndefined();
  });

  test("asks each question once, and says so where GitHub allows no more searches", async () => {
    await tools.searchCode("taxOf(");
    const asked = github.routes.length;
    await tools.searchCode(" taxOf(\nsecond line");
    expect(github.routes).toHaveLength(asked);

    const usedUp = { kind: "primary-limit", resetInSeconds: 50 } as const;
    github.simulator.faults.add({ path: "/search/code", times: 1, effect: usedUp });
    expect(await tools.searchCode("fresh")).toMatch(
      /^src\/new\.ts:1: .*\nOnly the changed files were searched/,
    );
    const searches = () => github.routes.filter((route) => route === "GET /search/code").length;
    const before = searches();
    expect(await tools.searchCode("nowhere")).toMatch(/^Only the changed files were searched/);
    expect(searches()).toBe(before);
    expect(await tools.readFile("src/tax.ts")).toContain("taxOf");
  });

  test("goes on in the changed files where GitHub has no search of this repository", async () => {
    github.simulator.faults.add({
      path: "/search/code",
      effect: { kind: "status", status: 422, when: "before", body: { message: "Validation Failed" } },
    });
    expect(await tools.searchCode("fresh")).toContain("GitHub does not search this repository");
  });
});

test("a directory is the one at the head", async () => {
  expect(await tools.listDirectory("src/")).toBe("cart.ts (45 bytes)\nnew.ts (24 bytes)\ntax.ts (59 bytes)");
  expect(await tools.listDirectory("")).toBe("docs/\nsrc/");
  expect(await tools.listDirectory(".")).toBe("docs/\nsrc/");
  expect(await tools.listDirectory("src/cart.ts")).toBeUndefined();
  expect(await tools.listDirectory("../..")).toBeUndefined();
  expect(github.routes).toHaveLength(3);
});

test("a file's history is that of the head, and there is none of what never was", async () => {
  expect(await tools.fileHistory("src/cart.ts")).toMatch(
    /^\d{4}-\d\d-\d\d [0-9a-f]{7} by \S+: A change\n\d{4}-\d\d-\d\d [0-9a-f]{7} by \S+: A change$/,
  );
  expect(await tools.fileHistory("never.ts")).toBeUndefined();
});

test("an issue or a pull request is told by its number", async () => {
  expect(await tools.getIssue(pull.number)).toBe(
    `pull request ${pull.number}: Tax twice\nopen, by hubot\n\nSee the plan.`,
  );
  expect(await tools.getIssue(99)).toBeUndefined();
  expect(await tools.getIssue(1.5)).toBeUndefined();
  expect(await tools.getIssue(-1)).toBeUndefined();
});
