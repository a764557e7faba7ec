import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Memory, MemoryScope, NewMemory } from "../src/index.ts";
import { daysAgo, now } from "./facts.ts";

export interface MemoryUnderTest extends AsyncDisposable {
  readonly memory: Memory;
}

/** What every memory does, whatever keeps it. */
export function memoryContract(start: () => Promise<MemoryUnderTest>): void {
  let under: MemoryUnderTest;
  let memory: Memory;
  let last = 2_000_000_000_000;

  beforeAll(async () => {
    under = await start();
    memory = under.memory;
  });
  afterAll(() => under?.[Symbol.asyncDispose]());

  /** A repository of its own. */
  const scopeOf = (aboutPeople = false): MemoryScope => ({ repositoryId: (last += 1), aboutPeople });
  const decision = (
    text: string,
    rest: Partial<Pick<NewMemory, "source" | "supersedes" | "expiresAt">> = {},
  ) => ({
    kind: "decision" as const,
    text,
    source: {},
    ...rest,
  });
  const strength = (developerId: number, text: string) => ({
    kind: "developer_strength" as const,
    developerId,
    text,
    source: {},
  });
  const learn = async (scope: MemoryScope, learnt: NewMemory, at = now) =>
    (await memory.remember(scope, learnt, at))?.id ?? "";
  const texts = async (scope: MemoryScope, at = now) =>
    (await memory.list(scope, { limit: 20 }, at)).map(({ text }) => text);
  const recalled = async (scope: MemoryScope, text: string, limit = 5) =>
    (await memory.recall(scope, { text, limit }, now)).map((found) => found.text);

  test("tells what it learnt, with where", async () => {
    const scope = scopeOf();
    const source = {
      number: 12,
      path: "src/money.ts",
      line: 7,
      url: "https://github.com/octo/tools/pull/12",
    };
    const id = await learn(scope, decision("Amounts of money are kept in cents", { source }));
    expect(await memory.list(scope, { limit: 5 }, now)).toEqual([
      {
        id,
        kind: "decision",
        developerId: null,
        text: "Amounts of money are kept in cents",
        source,
        uses: 0,
        expiresAt: null,
        updatedAt: now,
      },
    ]);
  });

  test("finds what fits by words in any form, by names that look alike, and the best first", async () => {
    const scope = scopeOf();
    await learn(scope, decision("Amounts of money\0 are kept in cents"));
    await learn(scope, decision("Retries of payments need an idempotency key"));
    await learn(scope, decision("parseInvoiceNumber accepts the old format too"));
    await learn(scope, decision("Default exports are gone since May"));
    await learn(scope, { kind: "project_rule", text: "No default exports", source: {} });
    const change = "Keep the amount as a float; retrying a payment";
    expect(await recalled(scope, change)).toEqual([
      "Retries of payments need an idempotency key",
      "Amounts of money are kept in cents",
    ]);
    expect(await recalled(scope, "Calls the parseInvoiceNumbr of the importer")).toEqual([
      "parseInvoiceNumber accepts the old format too",
    ]);
    expect(await recalled(scope, change, 1)).toHaveLength(1);
    expect(await recalled(scope, "kubernetes ingress")).toEqual([]);
    const rules = await memory.recall(
      scope,
      { text: "default exports", kinds: ["project_rule"], limit: 5 },
      now,
    );
    expect(rules.map(({ text }) => text)).toEqual(["No default exports"]);
  });

  test.each([
    "",
    "   ",
    "'); drop table memories; --",
    "a & !b | (c:*) <-> 'd'",
    "% _ \\",
    `x${"💰".repeat(2_000)}`,
    "\0",
    "the",
  ])("takes %j for a question as any other", async (text) => {
    const scope = scopeOf();
    await learn(scope, decision("Amounts of money are kept in cents"));
    expect(await recalled(scope, text)).toEqual([]);
  });

  test("remembers the same thing once, with its latest source and end", async () => {
    const scope = scopeOf();
    const first = await learn(
      scope,
      decision("Amounts are in cents.", { source: { number: 1 }, expiresAt: daysAgo(-1) }),
      daysAgo(3),
    );
    const again = await learn(scope, decision("amounts  are in CENTS", { source: { number: 2 } }));
    expect(again).toBe(first);
    await learn(scope, decision("Amounts are not in cents"));
    const found = await memory.list(scope, { limit: 5 }, daysAgo(-5));
    expect(found).toHaveLength(2);
    expect(found.find(({ id }) => id === first)).toMatchObject({
      text: "Amounts are in cents.",
      source: { number: 2 },
      expiresAt: null,
      updatedAt: now,
    });
  });

  test("tells no more of what was superseded, until it is said again", async () => {
    const scope = scopeOf();
    const old = await learn(scope, decision("Amounts are floats"), daysAgo(9));
    const other = scopeOf();
    const foreign = await learn(other, decision("Amounts are floats"));
    await learn(scope, decision("Amounts are cents", { supersedes: [old, foreign] }), daysAgo(8));
    expect(await texts(scope)).toEqual(["Amounts are cents"]);
    expect(await recalled(scope, "amounts as floats")).toEqual(["Amounts are cents"]);
    expect(await texts(other)).toEqual(["Amounts are floats"]);
    await learn(scope, decision("Amounts are floats"));
    expect(await texts(scope)).toEqual(["Amounts are floats", "Amounts are cents"]);
  });

  test("tells no more of what has expired, and deletes it", async () => {
    const scope = scopeOf();
    await learn(scope, decision("For the release of May", { expiresAt: daysAgo(1) }), daysAgo(30));
    expect(await texts(scope, daysAgo(2))).toHaveLength(1);
    expect(await texts(scope)).toEqual([]);
    expect(await recalled(scope, "release")).toEqual([]);
    expect(await memory.deleteExpired(now)).toBeGreaterThanOrEqual(1);
    expect(await texts(scope, daysAgo(2))).toEqual([]);
  });

  test("forgets with one call, with what it had superseded", async () => {
    const scope = scopeOf();
    const old = await learn(scope, decision("Amounts are floats"));
    const id = await learn(scope, decision("Amounts are cents", { supersedes: [old] }));
    expect(await memory.forget(scopeOf(), id)).toBe(false);
    expect(await memory.forget(scope, id)).toBe(true);
    expect(await memory.forget(scope, id)).toBe(false);
    expect(await texts(scope)).toEqual([]);
  });

  test("counts how often a memory was cited", async () => {
    const scope = scopeOf();
    const id = await learn(scope, decision("Amounts are cents"));
    await memory.markUsed(scope, [id], now);
    await memory.markUsed(scopeOf(), [id], now);
    expect(await memory.list(scope, { limit: 5 }, now)).toMatchObject([{ uses: 1 }]);
  });

  describe("about people", () => {
    test("nothing is remembered where that is off", async () => {
      const scope = scopeOf();
      expect(await memory.remember(scope, strength(1, "Knows SQL well"), now)).toBeUndefined();
      expect(await texts({ ...scope, aboutPeople: true })).toEqual([]);
    });

    test("nothing is told, marked or deleted where that is off", async () => {
      const on = scopeOf(true);
      const off = { ...on, aboutPeople: false };
      const id = await learn(on, strength(1, "Knows SQL well"));
      expect(await texts(off)).toEqual([]);
      expect(await recalled(off, "who knows SQL well")).toEqual([]);
      await memory.markUsed(off, [id], now);
      expect(await memory.forget(off, id)).toBe(false);
      expect(await memory.list(on, { limit: 5 }, now)).toMatchObject([{ text: "Knows SQL well", uses: 0 }]);
    });

    test("the same may be said of two, and one is forgotten with one call", async () => {
      const scope = scopeOf(true);
      await learn(scope, strength(1, "Knows SQL well"));
      await learn(scope, strength(2, "Knows SQL well"));
      expect(await memory.list(scope, { developerId: 2, limit: 5 }, now)).toMatchObject([{ developerId: 2 }]);
      await memory.forgetDeveloper(scope.repositoryId, 1);
      expect(await memory.list(scope, { limit: 5 }, now)).toMatchObject([{ developerId: 2 }]);
    });
  });

  test("keeps each repository to itself, and forgets one with all that is in it", async () => {
    const [mine, theirs] = [scopeOf(), scopeOf()];
    await learn(mine, decision("Amounts are cents"));
    await learn(theirs, decision("Amounts are cents in their place"));
    expect(await texts(mine)).toEqual(["Amounts are cents"]);
    expect(await recalled(mine, "amounts in cents, their place")).toEqual(["Amounts are cents"]);
    await memory.removeRepository(theirs.repositoryId);
    expect(await texts(theirs)).toEqual([]);
    expect(await texts(mine)).toEqual(["Amounts are cents"]);
  });
}
