import { createFernet, type Fernet, generateFernetKey, openFor, sealFor } from "@nectr/crypto";
import { anyOf, type UserRow } from "@nectr/db";
import { getAuthenticatedUser } from "@nectr/github";
import { afterEach, beforeEach, describe, expect, inject, test } from "vitest";
import {
  type AccountsDeps,
  asUser,
  encryptToken,
  ReconnectNeeded,
  reencryptStored,
  saveUser,
  storedToken,
} from "../src/index.ts";
import { findUser, forgetTokens, sealTokens, withLockedUser } from "../src/user-store.ts";
import { type AccountsUnderTest, connectUser, firstClient, startAccounts } from "./accounts-under-test.ts";

const [oldKey, newKey] = [generateFernetKey(), generateFernetKey()];
const [withOld, withBoth, withNew] = [[oldKey], [newKey, oldKey], [newKey]].map((keys) =>
  createFernet(keys),
) as [Fernet, Fernet, Fernet];

let accounts: AccountsUnderTest;
/** Of a process before the new key came, and of one after. */
let before: AccountsDeps;
let after: AccountsDeps;

beforeEach(async () => {
  accounts = await startAccounts(inject("postgresUrl"), oldKey);
  before = accounts.deps;
  after = { ...before, fernet: withBoth };
});
afterEach(() => accounts[Symbol.asyncDispose]());

/** More than are read at once. */
const many = Array.from({ length: 600 }, (_, index) => index + 1);
const pairOf = (githubId: number) => ({
  accessToken: `token-${githubId}`,
  refreshToken: `refresh-${githubId}`,
  expiresAt: new Date("2030-01-01T00:00:00Z"),
  scopes: [],
});

async function storeMany(): Promise<void> {
  const users = many.map((github_id) => ({
    github_id,
    login: `user-${github_id}`,
    ...sealTokens(before, github_id, pairOf(github_id)),
  }));
  const repositories = many.map((id) => ({
    id,
    full_name: `a/b-${id}`,
    private: false,
    default_branch: "main",
    encrypted_webhook_secret: sealFor(withOld, `repository:${id}`, `secret-${id}`),
    encrypted_previous_secret: sealFor(withOld, `repository:${id}`, `previous-${id}`),
  }));
  await before.db.insertInto("users").values(users).execute();
  await before.db.insertInto("repositories").values(repositories).execute();
}

/** What is stored under these ids, opened. */
async function read(fernet: Fernet, ids: readonly number[] = many): Promise<string[][]> {
  const rows = await after.db
    .selectFrom("users")
    .innerJoin("repositories", "repositories.id", "users.github_id")
    .selectAll()
    .where("github_id", "=", anyOf(ids))
    .orderBy("github_id")
    .execute();
  const open = (owner: string, sealed: string | null) => openFor(fernet, owner, sealed ?? "");
  return rows.map((row) => [
    open(`user:${row.github_id}`, row.encrypted_token),
    open(`user-refresh:${row.github_id}`, row.encrypted_refresh_token),
    open(`repository:${row.github_id}`, row.encrypted_webhook_secret),
    open(`repository:${row.github_id}`, row.encrypted_previous_secret),
  ]);
}

const textsOf = (id: number) => [`token-${id}`, `refresh-${id}`, `secret-${id}`, `previous-${id}`];

describe("encrypting again with a new key", () => {
  test("leaves nothing to the old key, fails no reader, and loses no token that is saved meanwhile", async () => {
    await storeMany();
    const texts = new Map(many.map((id) => [id, textsOf(id)]));
    const expected = (ids = many) => ids.map((id) => texts.get(id));
    let ended = false;
    const run = reencryptStored(after).finally(() => (ended = true));
    let turns = 0;
    for (; !ended; turns += 1) {
      const id = (turns % many.length) + 1;
      const accessToken = `newer-${turns}`;
      await saveUser(after, { id, login: `user-${id}` }, { ...pairOf(id), accessToken });
      texts.set(id, [accessToken, ...textsOf(id).slice(1)]);
      const some = many.filter((other) => other % 60 === turns % 60);
      expect(await read(withBoth, some)).toEqual(expected(some));
    }
    expect(turns).toBeGreaterThan(0);
    expect(await run).toMatchObject({ unreadable: 0 });
    expect(await read(withNew)).toEqual(expected());
    expect(await reencryptStored(after)).toEqual({ reencrypted: 0, unreadable: 0 });
  });

  test("knows every column that keeps what is encrypted for longer than a sign-in takes", async () => {
    const columns = await after.db
      .withTables<{
        "information_schema.columns": { table_schema: string; table_name: string; column_name: string };
      }>()
      .selectFrom("information_schema.columns")
      .select(["table_name", "column_name"])
      .where("table_schema", "=", "public")
      .where("column_name", "like", "encrypted%")
      .orderBy("table_name")
      .orderBy("column_name")
      .execute();
    expect(columns.map(({ table_name, column_name }) => `${table_name}.${column_name}`)).toEqual([
      "oauth_states.encrypted_code_verifier",
      "repositories.encrypted_previous_secret",
      "repositories.encrypted_webhook_secret",
      "users.encrypted_refresh_token",
      "users.encrypted_token",
    ]);
  });

  test("done by several processes at once does everything once", async () => {
    await storeMany();
    const counts = await Promise.all(
      [after, accounts.anotherProcess()].map(({ db }) => reencryptStored({ db, fernet: withBoth })),
    );
    expect(counts.reduce((sum, { reencrypted }) => sum + reencrypted, 0)).toBe(4 * many.length);
    expect(await read(withNew)).toEqual(many.map(textsOf));
  });

  test("never puts an old token back over a renewed one", async () => {
    const user = await saveUser(before, { id: 7, login: "octocat" }, pairOf(7));
    const other = accounts.anotherProcess();
    const { run } = await withLockedUser(other.locks, user.id, async () => {
      const result = { run: reencryptStored(after) };
      await expect.poll(waitingForLocks).toBe(1);
      return { result, tokens: sealTokens(after, 7, { ...pairOf(7), accessToken: "renewed" }) };
    });
    expect(await run).toEqual({ reencrypted: 0, unreadable: 0 });
    const stored = await findUser(after.db, user.id);
    expect(stored && storedToken(withNew, stored)).toBe("renewed");
  });

  test("leaves what no key opens, or was sealed for another, as it is, and says how many", async () => {
    const user = await saveUser(before, { id: 7, login: "octocat" }, pairOf(7));
    const lost = encryptToken(createFernet([generateFernetKey()]), 8, "lost");
    const rows = [
      { github_id: 8, login: "lost", encrypted_token: lost },
      { github_id: 9, login: "stolen", encrypted_token: user.encrypted_token },
      { github_id: 10, login: "none", encrypted_token: null },
    ].map((row) => ({ ...row, scopes: "" }));
    await after.db.insertInto("users").values(rows).execute();
    expect(await reencryptStored(after)).toEqual({ reencrypted: 2, unreadable: 2 });
    const stored = await after.db
      .selectFrom("users")
      .select("encrypted_token")
      .where("github_id", ">", 7)
      .orderBy("github_id")
      .execute();
    expect(stored.map(({ encrypted_token }) => encrypted_token)).toEqual([lost, user.encrypted_token, null]);
    expect(await reencryptStored(after)).toEqual({ reencrypted: 0, unreadable: 2 });
  });
});

describe("a token that GitHub refuses while keys change", () => {
  let octocat: UserRow & { token: string };

  beforeEach(async () => {
    octocat = await accounts.signedIn("octocat");
  });

  const stateOf = async () => (await findUser(after.db, octocat.id))?.token_state;

  test("pauses its user at once, and the work is not repeated", async () => {
    let attempts = 0;
    const work = asUser(after, octocat.id, async (client) => {
      attempts += 1;
      await reencryptStored(after);
      accounts.github.revokeToken(octocat.token);
      await getAuthenticatedUser(client);
    });
    await expect(work).rejects.toThrow(ReconnectNeeded);
    expect([attempts, await stateOf()]).toEqual([1, "reconnect_needed"]);
  });

  test("pauses its user where the refusal is told late", async () => {
    await connectUser(after.db, octocat, 1);
    const client = await firstClient(after, 1);
    await reencryptStored(after);
    await client.refused();
    expect(await stateOf()).toBe("reconnect_needed");
  });

  test("pauses nobody who has signed in again", async () => {
    await connectUser(after.db, octocat, 1);
    const client = await firstClient(after, 1);
    await accounts.signInAgain(octocat);
    await reencryptStored(after);
    await client.refused();
    expect(await stateOf()).toBe("active");
  });

  test("pauses nobody where the new key is not known yet", async () => {
    await connectUser(after.db, octocat, 1);
    const client = await firstClient(before, 1);
    await reencryptStored(after);
    await client.refused();
    expect(await stateOf()).toBe("active");
  });

  test("is forgotten when it was given back, and a newer one is not", async () => {
    const given = octocat.encrypted_token ?? "";
    await reencryptStored(after);
    await forgetTokens(after, octocat.id, given);
    expect(await findUser(after.db, octocat.id)).toMatchObject({ encrypted_token: null });
    await accounts.signInAgain(octocat);
    await reencryptStored(after);
    await forgetTokens(after, octocat.id, given);
    expect(await findUser(after.db, octocat.id)).toMatchObject({ encrypted_token: expect.any(String) });
  });
});

/** Connections to this database that wait for a lock. */
async function waitingForLocks(): Promise<number> {
  const { count } = await after.db
    .withTables<{ pg_stat_activity: { datname: string; wait_event_type: string | null } }>()
    .selectFrom("pg_stat_activity")
    .select((e) => e.fn.countAll<number>().as("count"))
    .where("datname", "=", new URL(accounts.database.url).pathname.slice(1))
    .where("wait_event_type", "=", "Lock")
    .executeTakeFirstOrThrow();
  return count;
}
