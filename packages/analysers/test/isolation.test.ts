import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, it } from "vitest";
import type { AnalysedFile } from "../src/analysed-file.ts";
import { type AnalysersOptions, createAnalysers } from "../src/analysers.ts";

const program = {
  program: new URL("./fragile-program.ts", import.meta.url),
  analysers: [{ name: "fragile", reads: () => true }],
};
const fragile = (options?: AnalysersOptions) => createAnalysers(options, program);
const failure = (path: string, reason: unknown) => ({ analyser: "fragile", path, reason });

function file(path: string, content = "a"): AnalysedFile {
  const lines = content.split("\n").map((_, index) => index + 1);
  return { path, content, addedLines: new Set(lines) };
}

it.each([
  ["unreadable.ts", "no such grammar"],
  ["endless.ts", "took too long"],
  ["crash.ts", "its process ended (SIGABRT)"],
  ["memory.ts", "its process ended (SIGABRT)"],
])("a file that cannot be read costs itself alone: %s", async (path, reason) => {
  await using analysers = fragile({ deadlineMs: path === "endless.ts" ? 3_000 : 60_000 });
  const { findings, failures } = await analysers.analyse([file("a.ts"), file(path), file("b.ts")]);
  expect(failures).toEqual([failure(path, reason)]);
  expect(findings.map((finding) => finding.path)).toEqual(["a.ts", "b.ts"]);
});

it("keeps its process from one call to the next, and starts another where one is lost", async () => {
  await using analysers = fragile();
  const reader = async (...files: AnalysedFile[]) =>
    (await analysers.analyse(files)).findings.map(({ title }) => title).at(-1);
  const first = await reader(file("a.ts"));
  expect(await reader(file("a.ts"))).toBe(first);
  expect(await reader(file("crash.ts"), file("a.ts"))).not.toBe(first);
});

it("does not let one call wait for another", async () => {
  await using analysers = fragile();
  const controller = new AbortController();
  const slow = analysers.analyse([file("endless.ts")], { signal: controller.signal });
  expect((await analysers.analyse([file("a.ts")])).findings).toHaveLength(1);
  controller.abort();
  await expect(slow).rejects.toThrow(/abort/i);
});

it("starts no more processes than it may, and the next in turn gets each as it is free", async () => {
  await using analysers = fragile({ processes: 2, deadlineMs: 3_600_000 });
  const stuck = new AbortController();
  const slow = analysers.analyse([file("endless.ts")], { signal: stuck.signal });
  const impatient = new AbortController();
  const [first, left, ...others] = [1, 2, 3, 4, 5].map((turn) =>
    analysers.analyse([file("a.ts")], turn === 2 ? { signal: impatient.signal } : {}),
  );
  impatient.abort(new Error("a newer head"));
  await expect(left).rejects.toThrow("a newer head");
  const titles = (await Promise.all([first, ...others])).map((each) => each?.findings[0]?.title);
  expect(new Set(titles).size).toBe(1);
  expect(titles[0]).toMatch(/read by process/);

  stuck.abort(new Error("closed"));
  await expect(slow).rejects.toThrow("closed");
  const waiting = [1, 2, 3].map(() => analysers.analyse([file("endless.ts")]));
  const all = Promise.allSettled(waiting);
  await analysers.close();
  for (const each of await all) expect(each).toMatchObject({ status: "rejected" });
});

it("ends the work on a file at once when the signal aborts", async () => {
  await using analysers = fragile({ deadlineMs: 3_600_000 });
  const controller = new AbortController();
  const analysing = analysers.analyse([file("a.ts"), file("endless.ts")], { signal: controller.signal });
  await analysers.analyse([file("a.ts")]);
  controller.abort(new Error("a newer head"));
  await expect(analysing).rejects.toThrow("a newer head");
});

it("ends what is under way when it is closed, and reads nothing afterwards", async () => {
  const analysers = fragile({ deadlineMs: 3_600_000 });
  const analysing = analysers.analyse([file("endless.ts")]);
  await Promise.all([expect(analysing).rejects.toThrow("closed"), analysers.close()]);
  await expect(analysers.analyse([file("a.ts")])).rejects.toThrow("closed");
});

it("spends no more on one call than its budget", async () => {
  await using analysers = fragile({ deadlineMs: 500, budgetMs: 500 });
  const { findings, failures } = await analysers.analyse([file("endless.ts"), file("a.ts")]);
  expect(findings).toEqual([]);
  expect(failures).toEqual([
    failure("endless.ts", "took too long"),
    failure("a.ts", "the time for this pull request was used up"),
  ]);
});

it("tells fifty findings of a file, the worst among them, and counts the others", async () => {
  await using analysers = fragile();
  const { findings, failures } = await analysers.analyse([file("many.ts", "a\n".repeat(8_000))]);
  expect(findings).toHaveLength(50);
  expect(findings.at(-1)).toMatchObject({ startLine: 8_001, severity: "critical" });
  expect(failures).toEqual([failure("many.ts", "7951 more findings of this kind")]);
});

it("has none of our environment in the process that reads what others wrote", async () => {
  await using analysers = fragile();
  const { findings } = await analysers.analyse([file("environment.ts")]);
  expect(findings.map(({ title }) => title)).not.toContain("PATH");
});

it("outlines many files with one message", async () => {
  await using analysers = fragile();
  const files = Array.from({ length: 3_000 }, (_, index) => file(`${index}.ts`));
  const outlines = await analysers.outline(files);
  expect(outlines.size).toBe(3_000);
  expect(new Set([...outlines.values()].map(([scope]) => scope?.name)).size).toBe(30);
});

it.each(["unreadable.ts", "endless.ts", "crash.ts", "memory.ts"])(
  "outlines the files beside one that cannot be read: %s",
  async (path) => {
    await using analysers = fragile({ deadlineMs: path === "endless.ts" ? 2_000 : 60_000 });
    const outlines = await analysers.outline([file("a.ts"), file(path), file("b.ts")]);
    expect([...outlines.keys()]).toEqual(["a.ts", "b.ts"]);
    expect((await analysers.analyse([file("a.ts")])).failures).toEqual([]);
  },
);

it("ends an outline at once when the signal aborts, and spends no more on it than its budget", async () => {
  await using analysers = fragile({ deadlineMs: 500, budgetMs: 500 });
  expect((await analysers.outline([file("endless.ts"), file("a.ts")])).size).toBe(0);
  await using patient = fragile({ deadlineMs: 3_600_000 });
  const controller = new AbortController();
  const outlining = patient.outline([file("endless.ts")], { signal: controller.signal });
  controller.abort(new Error("a newer head"));
  await expect(outlining).rejects.toThrow("a newer head");
});

/** A condition within a condition, and so on: a parser that calls itself for each ends without a word. */
const nested = `${"if (a) ".repeat(500)}\n`.repeat(60) + "b();\n";

it("answers others while it reads, and finds the secret in a file that breaks a parser", async () => {
  const token = ["ghp", "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8"].join("_");
  const server = createServer((_, response) => response.end("here"));
  await once(server.listen(0, "127.0.0.1"), "listening");
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  await using analysers = createAnalysers({ deadlineMs: 60_000 });
  const order: string[] = [];
  try {
    const slow = file("src/nested.js", `const token = "${token}";\n${nested}`);
    const analysing = analysers.analyse([slow]).finally(() => order.push("analysed"));
    for (let asked = 1; asked <= 5; asked += 1) order.push(await (await fetch(url)).text());
    const { findings, failures } = await analysing;
    expect(order).toEqual(["here", "here", "here", "here", "here", "analysed"]);
    expect(findings.map(({ rule }) => rule)).toEqual(["secrets/committed-secret"]);
    const analyser = "JavaScript and TypeScript (oxlint)";
    expect(failures).toEqual([{ analyser, path: slow.path, reason: "its process ended" }]);
  } finally {
    server.close();
  }
});

it.each([
  ["src/a.js", "if (a == b) x();\n", "import 'child_process';\nasync function save() {}\n"],
  ["src/a.ts", "  save();\n", "async function save() {}\nfunction main() {\n", "}\n"],
  ["src/a.py", "save(order)\n", "async def save(order):\n    pass\n\n"],
  ["src/a.go", "\tlist.remove(a)\n", "package a\n\nfunc main() {\n"],
  ["src/a.py", "    kept.remove(a)\n", "def main():\n"],
])(
  "reads a long file of one kind of line well within its time: %s %j",
  async (path, line, head, tail = "") => {
    await using analysers = createAnalysers({ deadlineMs: 30_000, budgetMs: 120_000 });
    const { failures } = await analysers.analyse([
      file(path, head + line.repeat(150_000 / line.length) + tail),
    ]);
    expect(failures.filter(({ reason }) => !reason.includes("more findings"))).toEqual([]);
  },
);
