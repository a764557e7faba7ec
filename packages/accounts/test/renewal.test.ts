import { generateFernetKey } from "@nectr/crypto";
import type { UserRow } from "@nectr/db";
import { getAuthenticatedUser, GitHubUnavailable } from "@nectr/github";
import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, inject, test } from "vitest";
import { type AccountsDeps, asUser, endGrant, ReconnectNeeded } from "../src/index.ts";
import { findUser, withLockedUser } from "../src/user-store.ts";
import { type AccountsUnderTest, startAccounts, useToken } from "./accounts-under-test.ts";
import type { Order } from "./dies-while-renewing.ts";

let accounts: AccountsUnderTest;
let github: AccountsUnderTest["github"];
let deps: AccountsDeps;

beforeEach(async () => {
  accounts = await startAccounts(inject("postgresUrl"), key);
  ({ github, deps } = accounts);
});
afterEach(() => accounts[Symbol.asyncDispose]());

const key = generateFernetKey();
const exchange = "/login/oauth/access_token";

/** How often GitHub was asked for a new pair, after `signIns` first ones. */
const renewals = (signIns = 1) => github.requests().filter(({ path }) => path === exchange).length - signIns;

const fiftyTimes = <T>(work: () => Promise<T>) => Array.from({ length: 50 }, work);

async function setEnd(user: UserRow, minutesAhead: number): Promise<void> {
  const token_expires_at = new Date(Date.now() + minutesAhead * 60_000);
  await deps.db.updateTable("users").set({ token_expires_at }).where("id", "=", user.id).execute();
}

/** Someone who signed in more than eight hours ago. */
async function withEndedToken(login: string): Promise<UserRow> {
  const user = await accounts.authorized(login);
  await setEnd(user, -1);
  github.expireTokens(login);
  return user;
}

describe("a token that ends", () => {
  test("is renewed when ten minutes are left, and not before", async () => {
    const octocat = await accounts.authorized("octocat");
    await useToken(deps, octocat.id);
    await setEnd(octocat, 11);
    await useToken(deps, octocat.id);
    expect(renewals()).toBe(0);
    await setEnd(octocat, 9);
    expect(await asUser(deps, octocat.id, getAuthenticatedUser)).toMatchObject({ login: "octocat" });
    expect(renewals()).toBe(1);
    await useToken(deps, octocat.id);
    expect(renewals()).toBe(1);
  });

  test("is renewed once by whoever asks in two processes, though GitHub takes two seconds", async () => {
    const octocat = await withEndedToken("octocat");
    github.faults.add({ path: exchange, effect: { kind: "latency", ms: 2000 } });
    const processes = [accounts.anotherProcess(), accounts.anotherProcess()];
    const answers = await Promise.all(
      processes.flatMap((process) => fiftyTimes(() => asUser(process, octocat.id, getAuthenticatedUser))),
    );
    expect(answers.map(({ login }) => login)).toEqual(Array.from({ length: 100 }, () => "octocat"));
    expect(renewals()).toBe(1);
    expect(await findUser(deps.db, octocat.id)).toMatchObject({ token_state: "active" });
  });

  test("holds up nobody else's, however many wait for it", async () => {
    const [octocat, hubber] = [await withEndedToken("octocat"), await withEndedToken("hubber")];
    const [here, there] = [accounts.anotherProcess(), accounts.anotherProcess()];
    const { waiting } = await withLockedUser(there.locks, octocat.id, async () => {
      const result = { waiting: Promise.all(fiftyTimes(() => useToken(here, octocat.id))) };
      await expect(asUser(here, hubber.id, getAuthenticatedUser)).resolves.toMatchObject({ login: "hubber" });
      expect(renewals(2)).toBe(1);
      return { result };
    });
    await waiting;
    expect(renewals(2)).toBe(2);
  });

  test("stays as it is while GitHub cannot be asked", async () => {
    const octocat = await withEndedToken("octocat");
    const effect = { kind: "status", status: 503, when: "before" } as const;
    github.faults.add({ path: exchange, times: 1, effect });
    await expect(useToken(deps, octocat.id)).rejects.toThrow(GitHubUnavailable);
    await expect(asUser(deps, octocat.id, getAuthenticatedUser)).resolves.toMatchObject({ login: "octocat" });
  });

  test("stays as it is while GitHub refuses the app", async () => {
    const octocat = await withEndedToken("octocat");
    const wrong = { ...deps, github: { ...deps.github, clientSecret: "another app's" } };
    await expect(useToken(wrong, octocat.id)).rejects.toMatchObject({
      code: "incorrect_client_credentials",
    });
    await expect(asUser(deps, octocat.id, getAuthenticatedUser)).resolves.toMatchObject({ login: "octocat" });
  });

  test("whose renewal was lost on the way ends in reconnecting", async () => {
    const octocat = await withEndedToken("octocat");
    github.faults.add({ path: exchange, times: 1, effect: { kind: "reset", when: "after" } });
    await expect(useToken(deps, octocat.id)).rejects.toThrow(GitHubUnavailable);
    expect(await findUser(deps.db, octocat.id)).toEqual({ ...octocat, token_expires_at: expect.any(Date) });
    await expect(useToken(deps, octocat.id)).rejects.toThrow(ReconnectNeeded);
    expect(await findUser(deps.db, octocat.id)).toMatchObject({ token_state: "reconnect_needed" });
  });

  test("whose renewal died with its process ends in reconnecting, also for who waited for it", async () => {
    const octocat = await withEndedToken("octocat");
    const underWay = Promise.withResolvers<void>();
    const effect = { kind: "latency", ms: 500 } as const;
    github.faults.add({ path: exchange, times: 1, effect, onMeet: underWay.resolve });
    const order: Order = {
      connectionString: accounts.database.url,
      key,
      github: deps.github,
      userId: octocat.id,
    };
    const program = fileURLToPath(new URL("dies-while-renewing.ts", import.meta.url));
    const child = fork(program, [JSON.stringify(order)], { execArgv: [] });
    const died = once(child, "exit");
    await underWay.promise;
    await expect(useToken(accounts.anotherProcess(), octocat.id)).rejects.toThrow(ReconnectNeeded);
    expect(await died).toEqual([null, "SIGKILL"]);
    expect(renewals()).toBe(2);
    expect(await findUser(deps.db, octocat.id)).toMatchObject({ token_state: "reconnect_needed" });
  });

  test("is renewed for giving the grant back, because GitHub takes no ended one for it", async () => {
    const octocat = await withEndedToken("octocat");
    await endGrant(deps, octocat.id);
    const answers = github.requests().filter(({ path }) => path.endsWith("/grant"));
    expect(answers).toMatchObject([{ status: 204 }]);
    expect(await findUser(deps.db, octocat.id)).toMatchObject({
      encrypted_token: null,
      encrypted_refresh_token: null,
      token_state: "reconnect_needed",
    });
  });

  test("and can't be renewed is forgotten all the same when the grant is given back", async () => {
    const octocat = await withEndedToken("octocat");
    const lost = { encrypted_refresh_token: "made with a key that is gone" };
    await deps.db.updateTable("users").set(lost).where("id", "=", octocat.id).execute();
    await endGrant(deps, octocat.id);
    expect(await findUser(deps.db, octocat.id)).toMatchObject({ encrypted_refresh_token: null });
  });
});
