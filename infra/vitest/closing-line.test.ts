import { execFile } from "node:child_process";
import { mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, expect, it } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));
const folders: string[] = [];

afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true });
});

/** Runs a project of these files with the reporter; what it printed, line by line. */
async function run(files: Record<string, string>): Promise<string[]> {
  const folder = await mkdtemp(join(tmpdir(), "nectr-closing-line-"));
  folders.push(folder);
  await symlink(join(root, "node_modules"), join(folder, "node_modules"));
  const reporter = join(root, "infra/vitest/closing-line.ts");
  const config = `import { closingLine } from ${JSON.stringify(reporter)};
export default { test: { reporters: ["default", closingLine()], globalSetup: ${JSON.stringify(
    "setup.ts" in files ? ["setup.ts"] : [],
  )} } };`;
  for (const [name, text] of Object.entries({ "vitest.config.ts": config, ...files })) {
    await writeFile(join(folder, name), text);
  }
  const vitest = join(root, "node_modules/vitest/vitest.mjs");
  const output = await new Promise<string>((resolve) => {
    execFile(process.execPath, [vitest, "run"], { cwd: folder }, (_, stdout) => resolve(stdout));
  });
  return output.trimEnd().split("\n");
}

const imports = `import { beforeAll, describe, expect, it } from "vitest";\n`;

it("closes a good run with the number of its tests", async () => {
  const lines = await run({ "a.test.ts": `${imports}it("one", () => {}); it("two", () => {});` });
  expect(lines.at(-1)).toBe("2 passed, 0 failed");
});

it("counts tests, broken suites, broken files and stray errors, and names what was skipped and why", async () => {
  const lines = await run({
    "a.test.ts": `${imports}
      it("passes", () => {});
      it("fails", () => expect(1).toBe(2));
      it.skip("is skipped alone", () => {});
      describe.skipIf(true)("queue on Redis (needs redis-server)", () => {
        it("one", () => {});
        describe("deeper", () => { it("two", () => {}); });
      });
      describe("outer", () => { describe.skip("inner", () => { it("three", () => {}); }); });`,
    "b.test.ts": `${imports}
      describe("broken", () => { beforeAll(() => { throw new Error("hook"); }); it("never runs", () => {}); });`,
    "c.test.ts": `${imports} throw new Error("file");`,
    "d.test.ts": `${imports}
      it("passes, but", async () => {
        void Promise.reject(new Error("stray"));
        await new Promise((resolve) => setImmediate(resolve));
      });`,
  });
  expect(lines.slice(-3)).toEqual([
    "Skipped suite: queue on Redis: needs redis-server (a.test.ts)",
    "Skipped suite: inner: gives no reason (a.test.ts)",
    "2 passed, 4 failed, 5 skipped",
  ]);
});

it("closes with a failure when the run never came to its tests", async () => {
  const lines = await run({
    "setup.ts": `export default () => { throw new Error("no database"); };`,
    "a.test.ts": `${imports}it("one", () => {});`,
  });
  expect(lines.at(-1)).toBe("0 passed, 1 failed");
});
