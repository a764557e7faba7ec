import fc from "fast-check";
import picomatch from "picomatch";
import { expect, test } from "vitest";
import { createGlobs, expandBraces } from "./glob.ts";
import { matchSequence } from "./match-sequence.ts";

const { match } = createGlobs();

test.each([
  ["src/*.ts", "src/a.ts", "src/deep/a.ts"],
  ["**/*.snap", "x.snap", "x.snap/y"],
  ["**/test/**", "a/test/b/c", "a/tests/b"],
  ["docs/", "docs/deep/a.md", "docs2/a.md"],
  ["/src/**", "src/a", "lib/src/a"],
  ["src/**/*.{ts,tsx}", "src/a/b.tsx", "src/a/b.js"],
  ["{a,{b,c}}/x", "c/x", "d/x"],
  ["file?.txt", "file1.txt", "file/.txt"],
  ["*", ".nectr.yml", "a/b"],
  ["app/(shop)/[id]/*.tsx", "app/(shop)/[id]/page.tsx", "app/shop/i/page.tsx"],
  ["+(a|b)", "+(a|b)", "a"],
])("%s takes %s and not %s", (glob, yes, no) => {
  expect([match(glob, yes), match(glob, no)]).toEqual([true, false]);
});

test("what everybody's globs mean is what picomatch makes of them", () => {
  const step = fc.constantFrom("a", "b", "ab", "*", "**", "a*", "*b", "*a*", "?", "{a,b}", "a{b,*}");
  const globs = fc
    .array(step, { minLength: 1, maxLength: 5 })
    .map((steps) => steps.join("/"))
    // Whether `a/**` takes `a` itself is not the same for all globs there; no file has the name of a folder.
    .filter((glob) => !glob.endsWith("/**"));
  const name = fc.constantFrom("a", "b", "ab", "ba", "aab", ".a");
  const paths = fc.array(name, { minLength: 1, maxLength: 6 }).map((steps) => steps.join("/"));
  fc.assert(
    fc.property(globs, paths, (glob, path) => {
      expect([glob, path, match(glob, path)]).toEqual([
        glob,
        path,
        picomatch.isMatch(path, glob, { dot: true }),
      ]);
    }),
    { numRuns: 3_000 },
  );
});

test("no glob and no path takes more steps than the product of their lengths", () => {
  let steps = 0;
  const rules = {
    isAny: (part: string) => part === "*",
    matches: (part: string, item: string) => {
      steps += 1;
      return part === item;
    },
  };
  const pattern = [..."*a".repeat(30), "b"];
  const items = Array.from({ length: 3_000 }, () => "a");
  expect(matchSequence(pattern, items, rules)).toBe(false);
  expect(steps).toBeLessThan(pattern.length * items.length);
});

test("braces that multiply are refused before they grow", () => {
  expect(expandBraces("{a,b}".repeat(6))).toHaveLength(64);
  expect(expandBraces("{a,b}".repeat(7))).toBeUndefined();
  expect(expandBraces("{a,b}".repeat(50))).toBeUndefined();
  expect(expandBraces(`${"{a,".repeat(90)}b${"}".repeat(90)}`)).toBeUndefined();
});
