import { afterAll, expect, it } from "vitest";
import type { AnalysedFile } from "../src/analysed-file.ts";
import { createAnalysers } from "../src/analysers.ts";
import { builtInAnalysers } from "../src/built-in.ts";

const deadlineMs = 10_000;
const analysers = createAnalysers({ deadlineMs, budgetMs: 600_000, processes: 1 });
afterAll(() => analysers.close());

function file(path: string, content: string): AnalysedFile {
  return { path, content, addedLines: new Set(content.split("\n").map((_, index) => index + 1)) };
}

/** Every engine has its turn with each text; of the languages that one engine reads, one. */
const everyEngine = ["src/shop.py", "src/shop.tsx", ".github/workflows/shop.yml"];
const others = ["src/shop.go", "src/Shop.java", "src/shop.rs", "src/shop.rb", "src/shop.php", "src/shop.js"];

const deep = (opening: string, closing: string, depth: number) =>
  `x = ${opening.repeat(depth)}1${closing.repeat(depth)}\n`;

/** Texts that are hard to read, in any language. */
const worst: Record<string, string> = {
  "nothing at all": "",
  "one line of a megabyte": "x".repeat(999_000),
  "more than a megabyte": "a = b\n".repeat(200_000),
  "many short lines": "a = b\n".repeat(20_000),
  "many calls": "f(a, b)\n".repeat(5_000),
  "a defect in every line": "raise 'no'\n".repeat(1_000) + "debugger\n".repeat(1_000),
  "brackets that never close": "([{".repeat(1_600) + "\n" + "([{\n".repeat(2_000),
  "quotes that never close": `"'\`"""'''\n`.repeat(2_000),
  "comments that never close": "/* # // <!-- {- =begin\n".repeat(1_000),
  "templates within templates": "`${".repeat(1_500) + "\n" + "${{ ".repeat(1_000),
  "conditions within conditions": `${"if (a) ".repeat(600)}\n`.repeat(20),
  "blocks within blocks": Array.from({ length: 400 }, (_, depth) => `${" ".repeat(depth)}if a:\n`).join(""),
  "operators within operators": deep("-(", ")", 1_200),
  "lists within lists": deep("[", "]", 2_000),
  "a long chain": `x = a${".b()".repeat(1_200)}\n`.repeat(5),
  "a long sum": `x = ${"a + ".repeat(1_200)}1\n`.repeat(5),
  "bytes of no text": Array.from({ length: 60_000 }, (_, n) =>
    n % 1_000 === 0 ? "\n" : String.fromCharCode((n * 7919) % 65_536),
  ).join(""),
  NULs: "a\0b = 1\n\0\0\0\n".repeat(2_000),
  "halves of characters": "a = '\ud800'\n".repeat(2_000),
  "a mark at the start, and Windows' line ends": `\ufeff${"a = 1\r\n".repeat(5_000)}`,
  "line ends that git does not know": "a = 1\rb = 2\u2028c = 3\u0085".repeat(100),
  "many aliases": "a: &a [*a, *a]\n".repeat(1_000),
  "aliases that grow": Array.from({ length: 30 }, (_, n) => `a${n}: &a${n} [*a${n - 1}, *a${n - 1}]`).join(
    "\n",
  ),
};

it.each(Object.keys(worst))(
  "reads %s in time or says that it did not, and reads the next file",
  async (name) => {
    const content = worst[name] ?? "";
    const other = others[Object.keys(worst).indexOf(name) % others.length] ?? "";
    for (const path of [...everyEngine, other]) {
      const start = performance.now();
      const next = file("src/next.py", "raise 'no'\n");
      const { findings, failures } = await analysers.analyse([file(path, content), next]);
      // Each analyser ends in its time; a process that was ended takes a moment to start anew.
      const readers = builtInAnalysers.filter(({ reads }) => reads(path)).length;
      expect(performance.now() - start).toBeLessThan(readers * deadlineMs + 10_000);

      const others = findings.filter((finding) => finding.path !== path);
      expect(others.map(({ rule }) => rule)).toEqual(["python/raise-literal"]);
      const lines = content.split("\n").length;
      for (const { startLine, endLine } of findings) {
        expect([startLine >= 1, startLine <= endLine, endLine <= lines + 1]).toEqual([true, true, true]);
      }
      for (const failure of failures) {
        expect(failure.path).toBe(path);
        expect(failure.reason).toMatch(
          /^(larger than|has a line of|line \d+ |it is |its process ended|took too long|\d+ more finding)/,
        );
      }
    }
  },
  120_000,
);
