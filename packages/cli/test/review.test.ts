import { existsSync } from "node:fs";
import { chmod, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createAnalysers } from "@nectr/analysers";
import type { ModelConfig } from "@nectr/model";
import { startScriptedModel } from "@nectr/model/testing";
import type { ModelAnswer } from "@nectr/review";
import { afterAll, beforeEach, describe, expect, onTestFinished, test, vi } from "vitest";
import { reviewIn } from "./review-in.ts";
import { createRepository, type TempRepository } from "./temp-repository.ts";

const analysers = createAnalysers();
afterAll(() => analysers.close());

const before = "export const one = 1;\n";
const unsafe = `${before}export function find(db, name) {\n  return db.query(\`SELECT * FROM users WHERE name = '\${name}'\`);\n}\n`;

let repository: TempRepository;
beforeEach(async () => {
  repository = await createRepository();
  await repository.commit({ "src/users.js": before });
  await repository.git("switch", "--quiet", "--create", "feature");
  return () => repository[Symbol.asyncDispose]();
});

const review = (args: readonly string[] = [], model: ModelConfig = {}) =>
  reviewIn(repository.dir, analysers, args, model);

interface Json {
  readonly head: { readonly workingTree: boolean };
  readonly findings: readonly { readonly path: string; readonly startLine: number; readonly rule: string }[];
  readonly coverage: {
    readonly filesChanged: number;
    readonly untracked: string[];
    readonly unread: string[];
  };
  readonly remarks: string[];
}

async function reviewJson(
  args: readonly string[] = [],
  model?: ModelConfig,
): Promise<Json & { status: number }> {
  const { status, printed } = await review([...args, "--format", "json"], model);
  return { status, ...(JSON.parse(printed) as Json) };
}

describe("what is reviewed", () => {
  test("the branch's commits and what is not committed yet; what git does not track is named", async () => {
    await repository.commit({ "src/users.js": unsafe });
    await repository.write({
      "src/users.js": `${unsafe}eval(one);\n`,
      "src/new.js": "eval(process.argv[2]);\n",
    });
    const found = await reviewJson();
    expect(found.findings.map(({ path, startLine, rule }) => [path, startLine, rule])).toEqual([
      ["src/users.js", 3, "script/sql-injection"],
      ["src/users.js", 5, "script/code-injection"],
    ]);
    expect(found.coverage.untracked).toEqual(["src/new.js"]);
    expect(found.status).toBe(1);
  });

  test("with --head, commits alone", async () => {
    await repository.commit({ "src/users.js": unsafe });
    await repository.write({ "src/users.js": `${unsafe}eval(one);\n` });
    const found = await reviewJson(["--head", "HEAD"]);
    expect(found.findings.map(({ rule }) => rule)).toEqual(["script/sql-injection"]);
    expect(found.coverage.untracked).toEqual([]);
  });

  test("what the base gained meanwhile is not blamed on the branch", async () => {
    await repository.commit({ "src/other.js": "export const two = 2;\n" });
    await repository.git("switch", "--quiet", "main");
    await repository.commit({ "src/users.js": unsafe });
    await repository.git("switch", "--quiet", "feature");
    const found = await reviewJson();
    const clean = { status: 0, findings: [], coverage: { filesChanged: 1 } };
    expect(found).toMatchObject(clean);
    expect(await reviewJson(["--head", "feature"])).toMatchObject(clean);
  });

  test("the base is the remote's default branch, where there is a remote", async () => {
    await repository.git("branch", "develop", "main");
    await repository.git("update-ref", "refs/remotes/origin/develop", "develop");
    await repository.git("symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/develop");
    expect(await reviewJson()).toMatchObject({ base: { ref: "origin/develop" } });
    expect(await reviewJson(["--base", "main"])).toMatchObject({ base: { ref: "main" } });
  });

  test("paths with spaces, quotes and other letters", async () => {
    const paths = ["a b/c.js", 'qu"ote.js', "ünï/日本.js", "tab\there.js", "-dash.js"];
    await repository.commit(Object.fromEntries(paths.map((path) => [path, "eval(process.argv[2]);\n"])));
    const found = await reviewJson();
    expect(found.findings.map(({ path }) => path).toSorted()).toEqual(paths.toSorted());
    expect(found.coverage.unread).toEqual([]);
  });

  test("from a folder within, and for a repository elsewhere", async () => {
    await repository.commit({ "src/users.js": unsafe });
    expect((await review(["--repo", "src"])).status).toBe(1);
    expect((await review(["--repo", join(repository.dir, "src")])).status).toBe(1);
  });

  test("settings come from the base, and not from the branch that they would spare", async () => {
    const ignore = "paths:\n  ignore: ['src/**']\n";
    await repository.commit({ ".nectr.yml": ignore, "src/users.js": unsafe });
    expect((await reviewJson()).findings).toHaveLength(1);
    await writeFile(join(repository.dir, "mine.yml"), ignore);
    expect((await reviewJson(["--config", "mine.yml"])).findings).toHaveLength(0);
    await repository.git("switch", "--quiet", "main");
    await repository.commit({ ".nectr.yml": ignore });
    await repository.git("switch", "--quiet", "feature");
    expect((await reviewJson(["--head", "HEAD"])).findings).toHaveLength(0);
  });

  test("the repository's settings for git's diffs make no difference", async () => {
    await repository.commit({ "src/users.js": unsafe });
    const settings = {
      "diff.noprefix": "true",
      "diff.context": "0",
      "diff.suppressBlankEmpty": "true",
      "diff.relative": "true",
      "color.ui": "always",
      "core.quotePath": "false",
      "diff.algorithm": "patience",
    };
    const plain = await reviewJson();
    for (const [key, value] of Object.entries(settings)) await repository.git("config", key, value);
    expect(await reviewJson()).toEqual(plain);
  });

  test("a file with CR LF in a checkout that converts them is not changed from end to end", async () => {
    await repository.commit({ "src/lines.js": "one();\ntwo();\nthree();\n" });
    // As Git for Windows sets it for all repositories.
    await writeFile(join(repository.dir, ".git", "users-config"), "[core]\n\tautocrlf = true\n");
    vi.stubEnv("GIT_CONFIG_GLOBAL", join(repository.dir, ".git", "users-config"));
    onTestFinished(() => void vi.unstubAllEnvs());
    await repository.write({ "src/lines.js": "one();\r\neval(process.argv[2]);\r\nthree();\r\n" });
    const found = await reviewJson(["--base", "feature"]);
    expect(found).toMatchObject({ findings: [{ startLine: 2 }], coverage: { addedLines: 1, unread: [] } });
  });
});

describe("nothing of the repository is run", () => {
  test("no hook, filter, driver of diffs, or program that watches files", async () => {
    const mark = join(repository.dir, ".git", "ran");
    const program = join(repository.dir, ".git", "program.sh");
    await writeFile(program, `#!/bin/sh\ntouch '${mark}'\ncat\n`);
    await chmod(program, 0o755);
    await repository.commit({ "src/users.js": unsafe, ".gitattributes": "*.js filter=evil diff=evil\n" });
    for (const hook of ["post-index-change", "post-checkout", "reference-transaction"]) {
      await symlink(program, join(repository.dir, ".git", "hooks", hook));
    }
    const settings = {
      "filter.evil.clean": program,
      "filter.evil.smudge": program,
      "filter.evil.required": "true",
      "diff.evil.textconv": program,
      "diff.evil.command": program,
      "diff.external": program,
      "core.fsmonitor": program,
      "core.pager": program,
      "log.showSignature": "true",
      "gpg.program": program,
    };
    for (const [key, value] of Object.entries(settings)) await repository.git("config", key, value);
    await repository.write({ "src/users.js": `${unsafe}eval(one);\n` });
    expect((await reviewJson()).findings).toHaveLength(2);
    expect(existsSync(mark)).toBe(false);
  });

  test("a link is read as a link: what it points to is no part of the change", async () => {
    await symlink("/etc/passwd", join(repository.dir, "link.js"));
    await repository.git("add", "link.js");
    await using model = await startScriptedModel([{ readFile: "link.js" }, answer()]);
    await review([], configOf(model.baseUrl));
    expect(model.requests.at(-1)?.text).toContain("/etc/passwd");
    expect(model.requests.at(-1)?.text).not.toContain("root:");
  });
});

describe("with a model", () => {
  test("its findings stand beside the analysers', with what it cost", async () => {
    await repository.commit({ "src/users.js": unsafe });
    await using model = await startScriptedModel(() => answer("Only one of the users is returned", 2));
    const { status, printed } = await review([], configOf(model.baseUrl));
    expect(status).toBe(1);
    expect(printed).toContain("Only one of the users is returned");
    expect(printed).toContain("SQL is built from a value");
    expect(printed).toContain("by the analysers and scripted");
    expect(printed).toMatch(/\d tokens in, \d+ out, .*\$0\.\d\d/);
  });

  test("it may look around in what git knows, and nowhere else", async () => {
    await repository.commit({ "src/users.js": unsafe, "lib/caller.js": "find(db, request.query.name);\n" });
    await repository.write({ ".env": "TOKEN=very-secret\n", ".gitignore": ".env\n" });
    const calls = [
      { tool: "read_file", arguments: { path: ".env" } },
      { tool: "read_file", arguments: { path: "../../etc/passwd" } },
      { tool: "read_file", arguments: { path: ".git/config" } },
      { tool: "search_code", arguments: { query: "very-secret" } },
      { tool: "search_code", arguments: { query: "find(db" } },
      { tool: "list_directory", arguments: { path: "" } },
      { tool: "file_history", arguments: { path: "src/users.js" } },
    ];
    await using model = await startScriptedModel([{ calls }, answer()]);
    await review([], configOf(model.baseUrl));
    const seen = model.requests.at(-1)?.text ?? "";
    expect(seen).toContain("lib/caller.js:1: find(db, request.query.name);");
    expect(seen).toContain("Ada: A change");
    expect(seen).not.toContain("TOKEN");
    expect(seen).not.toContain("repositoryformatversion");
  });

  test("a provider that refuses is told of, with its words, and the review is not complete", async () => {
    await repository.commit({ "src/safe.js": "export const two = 2;\n" });
    await using model = await startScriptedModel(() => ({ status: 401, message: "No such key" }));
    const { status, printed, warned } = await review([], configOf(model.baseUrl));
    expect(status).toBe(3);
    expect(printed).toContain("The model's provider refused the request");
    expect(warned).toContain("401");
  });

  test("--no-model asks none", async () => {
    await repository.commit({ "src/users.js": unsafe });
    await using model = await startScriptedModel([]);
    const { status, printed } = await review(["--no-model"], configOf(model.baseUrl));
    expect(status).toBe(1);
    expect(model.requests).toEqual([]);
    expect(printed).not.toContain("No model is configured");
    const told = "by the analysers alone: no model was asked (--no-model)";
    expect(printed).toContain(told);
    for (const format of ["json", "sarif"])
      expect((await review(["--no-model", "--format", format])).printed).toContain(
        "no model was asked (--no-model)",
      );
  });
});

function configOf(baseUrl: string): ModelConfig {
  return { openai: { baseUrl, models: ["scripted"] }, prices: [{ input: 2, output: 10 }] };
}

function answer(title?: string, line = 1): ModelAnswer {
  const finding = {
    path: "src/users.js",
    side: "new" as const,
    startLine: line,
    endLine: line,
    quote: "",
    severity: "moderate" as const,
    category: "correctness" as const,
    title: title ?? "",
    body: "The first one is taken.",
    suggestion: null,
    confidence: "high" as const,
  };
  return { summary: "A change.", findings: title === undefined ? [] : [finding] };
}
