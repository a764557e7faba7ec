import { sha256 } from "@nectr/crypto";
import { createTestDatabase, type TestDatabase } from "@nectr/db/testing";
import { afterEach, beforeEach, describe, expect, inject, test } from "vitest";
import { createSignInLink, takeSignInLink } from "../src/index.ts";

let database: TestDatabase;

beforeEach(async () => {
  database = await createTestDatabase(inject("postgresUrl"));
});
afterEach(() => database[Symbol.asyncDispose]());

const now = new Date("2026-01-01T12:00:00Z");
const soon = new Date("2026-01-01T12:10:00Z");

const storedLinks = () => database.db.selectFrom("sign_in_links").selectAll().execute();

describe("a link that signs one person in", () => {
  test("is good once, of fifty that try it at once", async () => {
    const token = await createSignInLink(database.db, soon);
    const taken = await Promise.all(
      Array.from({ length: 50 }, () => takeSignInLink(database.db, token, now)),
    );
    expect(taken.filter((good) => good)).toHaveLength(1);
    expect(await takeSignInLink(database.db, token, now)).toBe(false);
  });

  test("is good until its end, and then gone", async () => {
    const [early, late] = [
      await createSignInLink(database.db, soon),
      await createSignInLink(database.db, soon),
    ];
    expect(await takeSignInLink(database.db, early, new Date(soon.getTime() - 1))).toBe(true);
    expect(await takeSignInLink(database.db, late, soon)).toBe(false);
    expect(await storedLinks()).toEqual([]);
  });

  test("is known to the database by its hash alone, and is no other's", async () => {
    const token = await createSignInLink(database.db, soon);
    const other = await createSignInLink(database.db, soon);
    expect(Buffer.from(token, "base64url")).toHaveLength(32);
    const stored = await storedLinks();
    expect(stored.map((link) => link.token_hash)).toEqual([sha256(token), sha256(other)]);
    expect(JSON.stringify(stored)).not.toContain(token);

    expect(await takeSignInLink(database.db, "made up", now)).toBe(false);
    expect(await takeSignInLink(database.db, other, now)).toBe(true);
    expect(await takeSignInLink(database.db, token, now)).toBe(true);
  });
});
