import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { beforeAll, expect, test } from "vitest";
import { gitEnvironment } from "../src/git/config.ts";
import { createRepository, type TempRepository } from "./temp-repository.ts";

const program = fileURLToPath(new URL("../src/main.ts", import.meta.url));
const checkout = fileURLToPath(new URL("../../../", import.meta.url));

let repository: TempRepository;
beforeAll(async () => {
  repository = await createRepository();
  await repository.commit({ "a.js": "export const one = 1;\n" });
  await repository.git("switch", "--quiet", "--create", "feature");
  await repository.commit({ "a.js": "eval(process.argv[2]);\n" });
  return () => repository[Symbol.asyncDispose]();
});

interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The command as a process, without a model: what is set and empty is not taken from an .env file. */
function nectr(
  args: readonly string[],
  { cwd = repository.dir, ...more }: Readonly<Record<string, string>> = {},
): Promise<Ended> {
  const none = { ANTHROPIC_API_KEY: "", OPENAI_BASE_URL: "", OPENAI_MODEL: "" };
  const env = { ...gitEnvironment(), ...none, ...more };
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [program, ...args], { cwd, env }, (_, stdout, stderr) =>
      resolve({ status: child.exitCode, stdout, stderr }),
    );
  });
}

test("the exit status tells what was found, and the result alone is on stdout", async () => {
  const found = await nectr(["review", "--format", "json"]);
  expect(found).toMatchObject({ status: 1, stderr: "" });
  expect(JSON.parse(found.stdout)).toMatchObject({ exitStatus: 1, findings: [{ path: "a.js" }] });
});

test("--fail-on decides from which severity it does", async () => {
  expect((await nectr(["review", "--fail-on", "critical"])).status).toBe(0);
});

test("started by npm in the checkout, it looks where npm was called", async () => {
  const found = await nectr(["review", "--format", "json"], { cwd: checkout, INIT_CWD: repository.dir });
  expect(JSON.parse(found.stdout)).toMatchObject({ findings: [{ path: "a.js" }] });
});

test.each([
  [["review", "--help"], "--fail-on"],
  [["eval", "--help"], "--diffs"],
  [["--help"], "nectr review"],
])("%j explains", async (args, word) => {
  const { status, stdout } = await nectr(args);
  expect(stdout).toContain(word);
  expect(status).toBe(0);
});

test.each([
  [["review", "--nope"], "There is no option --nope.\nnectr review --help tells more."],
  [["review", "--no-model=x"], "--no-model takes no value."],
  [["review", "--base"], "--base needs a value."],
  [["review", "--base="], '"" is no name', "nectr review --help"],
  [["review", "--format", "xml"], "terminal, json, sarif", "nectr review --help"],
  [["review", "--base", "\u001B[31mx"], "\\x1b[31mx", "Is it fetched?"],
  [["eval", "nowhere"], "nowhere", "There is no folder"],
  [["eval", "replay"], "--questions FOLDER", "nectr eval"],
  [["deploy"], 'There is no "deploy"', "nectr review"],
  [[], "Say what to do", "nectr review"],
])("%j is refused with status 2 and advice, without a stack", async (args, ...words) => {
  const { status, stdout, stderr } = await nectr(args);
  for (const word of words) expect(stderr).toContain(word);
  expect(stderr.trim().split("\n").length).toBeLessThanOrEqual(2);
  expect(stderr).not.toMatch(/(?!\n)\p{Cc}|\n\s+at /u);
  expect(stdout).toBe("");
  expect(status).toBe(2);
});

test("a variable that cannot be used is named", async () => {
  const { status, stderr } = await nectr(["review"], { MODEL_PRICE: "much" });
  expect(stderr).toContain("MODEL_PRICE");
  expect(status).toBe(2);
});
