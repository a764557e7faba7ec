import fc from "fast-check";
import { expect, test } from "vitest";
import { connectedNames, followRenames, type Rename } from "./follow-renames.ts";

const day = (n: number) => new Date(Date.UTC(2026, 0, n));
const rename = (number: number, from: string, to: string): Rename => ({ from, to, number, at: day(number) });

test("a name is followed from when it was given, through all later renames", () => {
  const follow = followRenames([rename(3, "b", "c"), rename(1, "a", "b"), rename(5, "a", "d")]);
  const names = [0, 1, 2, 4, 6].map((number) => follow("a", { at: day(number), number }));
  expect(names).toEqual(["c", "d", "d", "d", "a"]);
  expect(follow("b", { at: day(3), number: 3 })).toBe("b");
});

test("names that go round in circles come to an end", () => {
  const follow = followRenames([rename(1, "a", "b"), rename(2, "b", "a"), rename(3, "a", "b")]);
  expect(follow("a", { at: day(0), number: 0 })).toBe("b");
});

test("whatever the order in which renames are learnt, and every way leads through connected names", () => {
  const name = fc.constantFrom("a", "b", "c", "d", "e");
  const list = fc.uniqueArray(fc.tuple(fc.integer({ min: 1, max: 20 }), name, name), {
    selector: ([number]) => number,
  });
  fc.assert(
    fc.property(list, fc.infiniteStream(fc.nat()), name, fc.nat(20), (found, order, path, number) => {
      const renames = found.map(([n, from, to]) => rename(n, from, to));
      const shuffled = renames
        .map((one) => ({ one, key: order.next().value as number }))
        .toSorted((a, b) => a.key - b.key)
        .map(({ one }) => one);
      const since = { at: day(number), number };
      const now = followRenames(renames)(path, since);
      expect(followRenames(shuffled)(path, since)).toBe(now);
      expect(connectedNames([path], renames)).toContain(now);
    }),
  );
});
