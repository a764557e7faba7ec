import { expect, test } from "vitest";
import { createGroups } from "./group.ts";

/** Work that ends when it is told to, and what it was given. */
function heldWork() {
  const groups: { readonly items: readonly number[]; readonly end: PromiseWithResolvers<number[]> }[] = [];
  const work = (items: readonly number[]) => {
    const end = Promise.withResolvers<number[]>();
    groups.push({ items, end });
    return end.promise;
  };
  return { groups, work };
}

const settle = () => new Promise((resolve) => setImmediate(resolve));

test("what comes alone is worked on at once; what comes meanwhile is the next group, in its order", async () => {
  const { groups, work } = heldWork();
  const ask = createGroups(work, 10);
  const first = ask(1);
  expect(groups.map(({ items }) => items)).toEqual([[1]]);
  const others = [ask(2), ask(3), ask(4)];
  await settle();
  expect(groups).toHaveLength(1);
  groups[0]?.end.resolve([10]);
  expect(await first).toBe(10);
  await settle();
  expect(groups[1]?.items).toEqual([2, 3, 4]);
  groups[1]?.end.resolve([20, 30, 40]);
  expect(await Promise.all(others)).toEqual([20, 30, 40]);
  await settle();
  const later = ask(5);
  expect(groups[2]?.items).toEqual([5]);
  groups[2]?.end.resolve([50]);
  expect(await later).toBe(50);
});

test("no group is larger than its bound", async () => {
  const sizes: number[] = [];
  const ask = createGroups(async (items: readonly number[]) => {
    sizes.push(items.length);
    await settle();
    return items;
  }, 3);
  await Promise.all(Array.from({ length: 8 }, (_, item) => ask(item)));
  expect(sizes).toEqual([1, 3, 3, 1]);
});

test("a group that fails takes no other with it", async () => {
  const { groups, work } = heldWork();
  const ask = createGroups(work, 10);
  const first = ask(1);
  const second = ask(2);
  groups[0]?.end.reject(new Error("no database"));
  await expect(first).rejects.toThrow("no database");
  await settle();
  groups[1]?.end.resolve([20]);
  expect(await second).toBe(20);
});

test("one of a group may fail by itself", async () => {
  const ask = createGroups(
    async (items: readonly number[]) =>
      items.map((item) => (item === 3 ? Promise.reject(new Error("three")) : item)),
    10,
  );
  const answers = await Promise.allSettled([1, 2, 3, 4].map(ask));
  expect(answers.map(({ status }) => status)).toEqual(["fulfilled", "fulfilled", "rejected", "fulfilled"]);
});

test("work that answers for another number than it was asked fails", async () => {
  const ask = createGroups(async () => [], 10);
  await expect(ask(1)).rejects.toThrow("0 results for 1");
});
