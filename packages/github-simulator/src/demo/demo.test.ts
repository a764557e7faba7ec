import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, it } from "vitest";
import { gitText } from "../git/run.ts";
import { createDemoRepository } from "./index.ts";

const run = promisify(execFile);
let folder: string;
let repository: string;
let pullRequests: Awaited<ReturnType<typeof createDemoRepository>>["pullRequests"];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "nectr-demo-"));
  repository = join(folder, "shop.git");
  ({ pullRequests } = await createDemoRepository(repository));
});
afterAll(() => rm(folder, { recursive: true }));

const git = async (...args: string[]) => (await gitText(repository, args)).trim();

it("has a history by several people, and one commit a pull request", async () => {
  const authors = (await git("log", "--format=%an", "main")).split("\n");
  expect(authors).toHaveLength(9);
  expect(new Set(authors).size).toBe(3);
  expect(pullRequests).toHaveLength(4);
  for (const { head, base } of pullRequests) {
    expect(await git("rev-list", "--count", `${base}..${head}`)).toBe("1");
    expect(await git("merge-base", base, head)).toBe(await git("rev-parse", base));
  }
});

it("has the same shas on every machine", async () => {
  expect(await git("rev-parse", "main", ...pullRequests.map(({ head }) => head))).toMatchInlineSnapshot(`
    "d35b501c2454d29154ee24f6581f41841c2d4e8e
    43550f3a4dc945ecb78571aec78270b93f9317ae
    871fd11a79d32cc1529a214700cf66c7d51cbdf4
    f08e93d31e845ac754eb04f341b428de04c55bb9
    8f36358b3c4712fac166c2329b44f95cc42f4e25"
  `);
});

it("is sound in git's own eyes", async () => {
  expect(await git("fsck", "--full", "--strict")).toBe("");
});

it("passes its own tests on every branch", async () => {
  for (const branch of ["main", ...pullRequests.map(({ head }) => head)]) {
    const checkout = join(folder, branch);
    await git("worktree", "add", "--quiet", checkout, branch);
    // The test runner marks its children's environment, and would join the outer run.
    const { stdout } = await run(process.execPath, ["--test", "--test-reporter=tap"], {
      cwd: checkout,
      env: {},
    });
    expect(stdout).toMatch(/^# fail 0$/m);
    expect(stdout).not.toMatch(/^# pass 0$/m);
  }
});

it("holds the planted key in its commits and not in our source", async () => {
  const provider = await git("show", "card-payments:src/stripe.ts");
  const key = /"(sk_[^"]+)"/.exec(provider)?.[1];
  expect(key).toMatch(/^sk_live_\w{24,}$/);
  expect(provider).not.toContain("{{");
});
