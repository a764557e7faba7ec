import { getAuthenticatedUser, GitHubRateLimited, type LimitState, unusedLimits } from "@nectr/github";
import { afterEach, beforeEach, describe, expect, inject, test } from "vitest";
import { asUser } from "../src/index.ts";
import { createRequestLimitsStore } from "../src/request-limits-store.ts";
import { type AccountsUnderTest, firstClient, startAccounts } from "./accounts-under-test.ts";

let accounts: AccountsUnderTest;
beforeEach(async () => {
  accounts = await startAccounts(inject("postgresUrl"));
});
afterEach(() => accounts[Symbol.asyncDispose]());

const storeOf = (process: { db: AccountsUnderTest["deps"]["db"] }, account: number | "operator") =>
  createRequestLimitsStore(process.db, account);
const read = (state: LimitState, now: number) => ({ state, result: { state, now } });
const countWrite = (state: LimitState) => ({
  state: { ...state, latestWrite: state.latestWrite + 1 },
  result: undefined,
});

describe("the row of a user", () => {
  test("loses no change of several processes that begin at once, and is no other user's", async () => {
    const processes = [1, 2, 3, 4].map(() => accounts.anotherProcess());
    const changes = processes.flatMap((process) =>
      Array.from({ length: 25 }, () => storeOf(process, 583_231).update(countWrite)),
    );
    await Promise.all(changes);
    expect((await storeOf(accounts.deps, 583_231).update(read)).state).toEqual({
      ...unusedLimits,
      latestWrite: 100,
    });
    expect((await storeOf(accounts.deps, "operator").update(read)).state).toEqual(unusedLimits);
  });

  test("brings every time back to the millisecond", async () => {
    const state: LimitState = {
      pausedUntil: 1_767_225_600_001,
      strikes: 2,
      pointsWholeAt: 1_767_225_600_202,
      writesWholeAt: 1_767_225_600_303,
      nextWriteAt: 1_767_225_600_404,
      latestWrite: 5_000_000_000,
      lastRetryAt: 1_767_225_600_505,
    };
    await storeOf(accounts.deps, 1).update(() => ({ state, result: undefined }));
    expect((await storeOf(accounts.anotherProcess(), 1).update(read)).state).toEqual(state);
  });

  test("is changed at the time when it was got hold of, not when it was asked for", async () => {
    const { deps } = accounts;
    const store = storeOf(accounts.anotherProcess(), 1);
    await store.update(read);
    const now = async () => (await storeOf(deps, 2).update(read)).now;
    const { waiting, released } = await deps.db.transaction().execute(async (tx) => {
      await tx.selectFrom("request_limits").selectAll().where("account", "=", "1").forUpdate().execute();
      const asked = await now();
      const update = store.update(read);
      await expect.poll(() => isLockAwaited(deps.db)).toBe(true);
      await expect.poll(now).toBeGreaterThan(asked);
      return { waiting: { update }, released: await now() };
    });
    expect((await waiting.update).now).toBeGreaterThanOrEqual(released);
  });

  test("keeps what was there where the change fails", async () => {
    const store = storeOf(accounts.deps, 1);
    await store.update(countWrite);
    const failing = store.update(() => {
      throw new Error("not so");
    });
    await expect(failing).rejects.toThrow("not so");
    expect((await store.update(read)).state.latestWrite).toBe(1);
  });
});

describe("a limit that one process met", () => {
  const login = "octocat";
  const limit = (retryAfter: number) =>
    accounts.github.faults.add({ user: login, times: 1, effect: { kind: "secondary-limit", retryAfter } });
  const requests = () => accounts.github.requests().filter(({ user }) => user === login).length;

  test("is heeded by the others, without a request, and by no other user's", async () => {
    const octocat = await accounts.signedIn(login);
    const hubot = await accounts.signedIn("hubot");
    limit(60);
    const ask = (deps = accounts.deps, user = octocat) => asUser(deps, user.id, getAuthenticatedUser);
    await expect(ask()).rejects.toBeInstanceOf(GitHubRateLimited);
    const before = requests();
    await expect(ask(accounts.anotherProcess())).rejects.toBeInstanceOf(GitHubRateLimited);
    expect(requests()).toBe(before);
    expect(await ask(accounts.anotherProcess(), hubot)).toMatchObject({ login: "hubot" });
  });

  test("holds for the operator's token, too, where the operator has signed in", async () => {
    const octocat = await accounts.signedIn(login);
    const deps = { ...accounts.anotherProcess(), fallbackToken: accounts.github.createToken(login) };
    const { client } = await firstClient(deps, 1);
    limit(60);
    await expect(asUser(deps, octocat.id, getAuthenticatedUser)).rejects.toBeInstanceOf(GitHubRateLimited);
    const before = requests();
    await expect(getAuthenticatedUser(client)).rejects.toBeInstanceOf(GitHubRateLimited);
    expect(requests()).toBe(before);
  });
});

/** Whether a session of this database waits for another's lock. */
async function isLockAwaited(db: AccountsUnderTest["deps"]["db"]): Promise<boolean> {
  const waiting = await db
    .withTables<{ pg_stat_activity: { datname: string; wait_event_type: string | null } }>()
    .selectFrom("pg_stat_activity")
    .select("datname")
    .where((e) => e("datname", "=", e.fn<string>("current_database")))
    .where("wait_event_type", "=", "Lock")
    .executeTakeFirst();
  return waiting !== undefined;
}
