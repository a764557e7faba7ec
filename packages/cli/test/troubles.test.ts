import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { createAnalysers } from "@nectr/analysers";
import type { ModelConfig } from "@nectr/model";
import { startScriptedModel } from "@nectr/model/testing";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { parseReviewCommand } from "../src/review/review-command.ts";
import { reviewIn } from "./review-in.ts";
import { createRepository, type TempRepository } from "./temp-repository.ts";

const analysers = createAnalysers();
afterAll(() => analysers.close());

const before = "export const one = 1;\n";
const unsafe = `${before}eval(process.argv[2]);\n`;

let repository: TempRepository;
beforeEach(async () => {
  repository = await createRepository();
  await repository.commit({ "src/users.js": before });
  await repository.git("switch", "--quiet", "--create", "feature");
  return () => repository[Symbol.asyncDispose]();
});

const review = (args: readonly string[] = [], model: ModelConfig = {}) =>
  reviewIn(repository.dir, analysers, args, model);

describe("what cannot be reviewed is told, with what to do", () => {
  test("an unknown base or head", async () => {
    await expect(review(["--base", "nowhere"])).rejects.toThrow(/"nowhere".*git fetch origin nowhere/);
    await expect(review(["--head", "--output=/tmp/x"])).rejects.toThrow();
    for (const ref of ["--base=--output=x", "--base=-x", "--base=", "--head= "])
      await expect(review([ref])).rejects.toThrow(/is no name of one/);
  });

  test("a shallow clone that lacks the commit in common", async () => {
    for (const name of ["a", "b", "c"]) await repository.commit({ [`${name}.js`]: "1;\n" });
    await repository.git("switch", "--quiet", "main");
    for (const name of ["d", "e"]) await repository.commit({ [`${name}.js`]: "1;\n" });
    await using clone = await createRepository();
    await clone.git("remote", "add", "origin", `file://${repository.dir}`);
    await clone.git(
      "fetch",
      "--quiet",
      "--depth=1",
      "origin",
      "main:refs/remotes/origin/main",
      "feature:feature",
    );
    await clone.git("switch", "--quiet", "feature");
    await expect(review(["--repo", clone.dir])).rejects.toThrow("git fetch --unshallow");
  });

  test("no repository, no folder, no commit, no branch to compare with", async () => {
    await expect(review(["--repo", "/"])).rejects.toThrow("not in a git repository");
    await expect(review(["--repo", "nowhere"])).rejects.toThrow("There is no folder");
    await using empty = await createRepository();
    await expect(review(["--repo", empty.dir])).rejects.toThrow("no commit here yet");
    await repository.git("branch", "--delete", "--force", "main");
    await expect(review()).rejects.toThrow("--base BRANCH");
  });

  test("a merge with conflicts", async () => {
    await repository.commit({ "src/users.js": "export const one = 2;\n" });
    await repository.git("switch", "--quiet", "main");
    await repository.commit({ "src/users.js": "export const one = 3;\n" });
    await repository.git("merge", "feature").catch(() => {});
    await expect(review(["--base", "feature"])).rejects.toThrow("Resolve them");
  });

  test("a word or a value that the command does not know", () => {
    expect(() => parseReviewCommand(["--format", "xml"])).toThrow("terminal, json, sarif");
    expect(() => parseReviewCommand(["--fail-on", "high"])).toThrow("critical, moderate, minor, nit, never");
    expect(() => parseReviewCommand(["main"])).toThrow("--base");
    expect(() => parseReviewCommand(["--nope"])).toThrow("--nope");
  });
});

const broken = "reviews: no\nfindings:\n  maximum: many\n";

test("a broken file of --config is told with every mistake, and nothing is reviewed", async () => {
  await repository.commit({ "mine.yml": broken, "src/users.js": unsafe });
  const file = join(repository.dir, "mine.yml");
  const told = await review(["--config", "mine.yml"]).catch(String);
  expect(told).toContain(`${file}:1:1: `);
  expect(told).toContain(`${file}:3:12: `);
});

test("a broken .nectr.yml of the base leaves the defaults, and is told with every mistake", async () => {
  await repository.git("switch", "--quiet", "main");
  await repository.commit({ ".nectr.yml": broken });
  await repository.git("switch", "--quiet", "feature");
  await repository.commit({ "src/safe.js": before });
  const { printed, status } = await review(["--no-model"]);
  expect(printed).toMatch(
    /\nSettings:\n {2}\.nectr\.yml of main is not used, the defaults are\.\n {2}\.nectr\.yml:1:1: .*\n {2}\.nectr\.yml:3:12: /,
  );
  expect(printed).not.toContain("Not read, though");
  expect(status).toBe(3);
});

test("secrets are masked in the code that a terminal shows", async () => {
  const token = `ghp_${"aB3dE5gH7jK9".repeat(3)}`;
  await repository.commit({ "src/token.js": `export const token = "${token}";\n` });
  const { printed, status } = await review(["--no-model"]);
  expect(status).toBe(1);
  expect(printed).toContain("[secret: ");
  expect(printed).not.toContain(token);
});

test("where --output cannot be written is told before anything is asked", async () => {
  await repository.commit({ "src/users.js": unsafe });
  await using model = await startScriptedModel([]);
  const to = (file: string) =>
    review(["--output", file], { openai: { baseUrl: model.baseUrl, models: ["scripted"] } });
  await expect(to("no/where.json")).rejects.toThrow(/^There is no folder .*\/no to write to\.$/);
  await expect(to("src/users.js/out.json")).rejects.toThrow("There is no folder");
  await expect(to("src")).rejects.toThrow("is a folder");
  expect(model.requests).toEqual([]);
});

test("--output writes the result to a file, without colours, and prints nothing", async () => {
  await repository.commit({ "src/users.js": unsafe });
  const { printed, status } = await review(["--output", "out.sarif", "--format", "sarif"]);
  expect(printed).toBe("");
  expect(status).toBe(1);
  expect(JSON.parse(await readFile(join(repository.dir, "out.sarif"), "utf8"))).toMatchObject({
    version: "2.1.0",
  });
});
