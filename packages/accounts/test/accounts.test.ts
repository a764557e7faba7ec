import { createFernet, generateFernetKey } from "@nectr/crypto";
import type { UserRow } from "@nectr/db";
import { getAuthenticatedUser, getRepository, GitHubUnauthorized } from "@nectr/github";
import { afterEach, beforeEach, describe, expect, inject, test } from "vitest";
import {
  type AccountsDeps,
  asUser,
  clientsForRepository,
  createVisibleRepositories,
  encryptToken,
  endGrant,
  ReconnectNeeded,
  saveUser,
  storedToken,
  tokenStateOf,
} from "../src/index.ts";
import { findUser } from "../src/user-store.ts";
import {
  type AccountsUnderTest,
  connectUser,
  firstClient,
  startAccounts,
  useToken,
} from "./accounts-under-test.ts";

let accounts: AccountsUnderTest;
let github: AccountsUnderTest["github"];
let signedIn: AccountsUnderTest["signedIn"];
let signInAgain: AccountsUnderTest["signInAgain"];
let deps: AccountsDeps;

beforeEach(async () => {
  accounts = await startAccounts(inject("postgresUrl"));
  ({ github, deps, signedIn, signInAgain } = accounts);
});
afterEach(() => accounts[Symbol.asyncDispose]());

/** GitHub has refused their token. */
async function pause(user: UserRow): Promise<void> {
  const token_state = "reconnect_needed";
  await deps.db.updateTable("users").set({ token_state }).where("id", "=", user.id).execute();
}

describe("a user", () => {
  test("who signs in under another login is the same one, with the newer token", async () => {
    const first = await signedIn("octocat");
    await pause(first);
    const renamed = { id: first.github_id, login: "mona", name: "Mona", email: "mona@example.com" };
    const second = await saveUser(deps, renamed, { accessToken: "newer", scopes: ["repo", "read:org"] });
    expect(second).toMatchObject({
      id: first.id,
      login: "mona",
      token_state: "active",
      scopes: "repo read:org",
    });
    expect(storedToken(deps.fernet, second)).toBe("newer");
  });

  test("signing in many times at once is one row", async () => {
    const { id } = await github.createUser({ login: "octocat" });
    const save = (n: number) =>
      saveUser(deps, { id, login: "octocat" }, { accessToken: `token-${n}`, scopes: [] });
    const saved = await Promise.all(Array.from({ length: 20 }, (_, n) => save(n)));
    expect(new Set(saved.map((user) => user.id)).size).toBe(1);
  });

  test("has no use of another's token", async () => {
    const [octocat, hubber] = [await signedIn("octocat"), await signedIn("hubber")];
    const stolen = { encrypted_token: octocat.encrypted_token };
    await deps.db.updateTable("users").set(stolen).where("id", "=", hubber.id).execute();
    await expect(useToken(deps, hubber.id)).rejects.toThrow(ReconnectNeeded);
  });

  test("whose key was lost has to reconnect, and is well when it is back", async () => {
    const octocat = await signedIn("octocat");
    const other = { ...deps, fernet: createFernet([generateFernetKey()]) };
    expect(tokenStateOf(other, octocat)).toBe("reconnect_needed");
    await expect(useToken(other, octocat.id)).rejects.toThrow(ReconnectNeeded);
    expect(tokenStateOf(deps, octocat)).toBe("active");
    expect((await asUser(deps, octocat.id, getAuthenticatedUser)).login).toBe("octocat");
  });

  test("whose token GitHub refuses is paused", async () => {
    const octocat = await signedIn("octocat");
    github.revokeToken(octocat.token);
    await expect(asUser(deps, octocat.id, getAuthenticatedUser)).rejects.toThrow(
      expect.objectContaining({ name: "ReconnectNeeded", userId: octocat.id }),
    );
    expect(await findUser(deps.db, octocat.id)).toMatchObject({ token_state: "reconnect_needed" });
    await signInAgain(octocat);
    await expect(asUser(deps, octocat.id, getAuthenticatedUser)).resolves.toMatchObject({ login: "octocat" });
  });

  test("who signed in again meanwhile is not paused by the old token's refusal: the new one is used", async () => {
    const octocat = await signedIn("octocat");
    const logins: string[] = [];
    await asUser(deps, octocat.id, async (client) => {
      github.revokeToken(octocat.token);
      await signInAgain(octocat);
      logins.push((await getAuthenticatedUser(client)).login);
    });
    expect(logins).toEqual(["octocat"]);
    expect(await findUser(deps.db, octocat.id)).toMatchObject({ token_state: "active" });
  });
});

describe("a repository", () => {
  let repositoryId: number;
  let octocat: UserRow & { token: string };
  let hubber: UserRow;

  beforeEach(async () => {
    [octocat, hubber] = [await signedIn("octocat"), await signedIn("hubber")];
    const members = { hubber: "write" } as const;
    ({ id: repositoryId } = await github.createRepository({
      owner: "octocat",
      name: "shop",
      private: true,
      members,
    }));
  });

  test("is served by whoever was connected first, and by the next when their token fails", async () => {
    await connectUser(deps.db, hubber, repositoryId);
    await connectUser(deps.db, octocat, repositoryId);
    expect(await firstClient(deps, repositoryId)).toMatchObject({
      userId: octocat.id,
      githubId: octocat.github_id,
    });
    await (await firstClient(deps, repositoryId)).refused();
    const { client, githubId } = await firstClient(deps, repositoryId);
    expect(githubId).toBe(hubber.github_id);
    await expect(getRepository(client, { owner: "octocat", name: "shop" })).resolves.toMatchObject({
      id: repositoryId,
    });
  });

  test.each<[string, () => Promise<unknown>]>([
    ["GitHub refuses their token", async () => github.revokeToken(octocat.token)],
    ["they have given back what they granted", () => endGrant(deps, octocat.id)],
    ["they have disconnected", () => disconnect(octocat)],
    ["their key was lost", () => loseKey(octocat)],
  ])(
    "is served by the next who was connected when %s, and by the first again when they are back",
    async (_, fail) => {
      await connectUser(deps.db, octocat, repositoryId);
      await connectUser(deps.db, hubber, repositoryId);
      expect(await servedBy(repositoryId)).toBe("octocat");
      await fail();
      expect(await servedBy(repositoryId)).toBe("hubber");
      await signInAgain(octocat);
      await deps.db.updateTable("installations").set({ active: true }).execute();
      expect(await servedBy(repositoryId)).toBe("octocat");
    },
  );

  test("served by a client that GitHub refuses late pauses the user of that token, and of no newer one", async () => {
    await connectUser(deps.db, octocat, repositoryId);
    const late = await firstClient(deps, repositoryId);
    await signInAgain(octocat);
    await late.refused();
    expect(await findUser(deps.db, octocat.id)).toMatchObject({ token_state: "active" });

    const current = await firstClient(deps, repositoryId);
    await current.refused();
    expect(await findUser(deps.db, octocat.id)).toMatchObject({ token_state: "reconnect_needed" });
    expect(await findUser(deps.db, hubber.id)).toMatchObject({ token_state: "active" });
  });

  test("whose users all have to reconnect waits, even where the operator has a token", async () => {
    await connectUser(deps.db, octocat, repositoryId);
    await pause(octocat);
    const withFallback = { ...deps, fallbackToken: github.createToken("hubber") };
    await expect(firstClient(withFallback, repositoryId)).rejects.toThrow(
      expect.objectContaining({ name: "ReconnectNeeded", userId: octocat.id }),
    );
  });

  test("that nobody is connected to is served by the operator's token", async () => {
    await connectUser(deps.db, octocat, repositoryId);
    await deps.db.updateTable("installations").set({ active: false }).execute();
    await expect(firstClient(deps, repositoryId)).rejects.toThrow(ReconnectNeeded);
    const withFallback = { ...deps, fallbackToken: github.createToken("hubber") };
    const answer = await firstClient(withFallback, repositoryId);
    expect(answer).toMatchObject({ userId: undefined, githubId: hubber.github_id });
    await answer.refused();
    expect(await findUser(deps.db, hubber.id)).toMatchObject({ token_state: "active" });
    const withRevoked = { ...deps, fallbackToken: "revoked" };
    await expect(firstClient(withRevoked, repositoryId)).rejects.toThrow(
      expect.objectContaining({ name: "ReconnectNeeded", userId: undefined }),
    );
  });

  const asked = () => github.requests().filter(({ path }) => path === "/user/repos").length;

  test("is visible to those who may see it, and they are asked for once until they are forgotten", async () => {
    for (let i = 0; i < 3; i += 1) await github.createRepository({ owner: "octocat", name: `tool-${i}` });
    const visible = createVisibleRepositories(deps);
    const lists = await Promise.all(Array.from({ length: 10 }, () => visible.list(octocat.id)));
    expect(lists.map((list) => list.length)).toEqual(Array.from({ length: 10 }, () => 4));
    const once = asked();
    await visible.list(octocat.id);
    expect(asked()).toBe(once);
    expect((await visible.list(hubber.id)).map(({ fullName }) => fullName)).toEqual(["octocat/shop"]);
    visible.forget(octocat.id);
    await visible.list(octocat.id);
    expect(asked()).toBeGreaterThan(once);
  });

  test("is visible on whatever page of GitHub's answer it is", async () => {
    const names = Array.from({ length: 100 }, (_, i) => `tool-${i}`);
    await Promise.all(names.map((name) => github.createRepository({ owner: "octocat", name })));
    const list = await createVisibleRepositories(deps).list(octocat.id);
    expect(list).toHaveLength(101);
    expect(list.at(-1)?.fullName).toBe("octocat/shop");
  });

  test("is asked for again when the answer has become old", async () => {
    const visible = createVisibleRepositories(deps, { ttlMs: 20 });
    await visible.list(octocat.id);
    const once = asked();
    await expect.poll(() => visible.list(octocat.id).then(asked)).toBeGreaterThan(once);
  });

  test("is listed for nobody whose token GitHub refuses, and again after they have signed in", async () => {
    const visible = createVisibleRepositories(deps);
    await pause(octocat);
    await expect(visible.list(octocat.id)).rejects.toThrow(ReconnectNeeded);
    await signInAgain(octocat);
    expect(await visible.list(octocat.id)).toHaveLength(1);
  });
});

/** Whose token reads the repository at GitHub, as the worker goes about it. */
async function servedBy(repositoryId: number): Promise<string | undefined> {
  for await (const { client, refused } of clientsForRepository(deps, repositoryId)) {
    try {
      await getRepository(client, { owner: "octocat", name: "shop" });
      return (await getAuthenticatedUser(client)).login;
    } catch (error) {
      if (!(error instanceof GitHubUnauthorized)) throw error;
      await refused();
    }
  }
  return undefined;
}

async function disconnect(user: UserRow): Promise<void> {
  await deps.db.updateTable("installations").set({ active: false }).where("user_id", "=", user.id).execute();
}

/** Their token was made with a key that is no more. */
async function loseKey(user: UserRow): Promise<void> {
  const lost = {
    encrypted_token: encryptToken(createFernet([generateFernetKey()]), user.github_id, "token"),
  };
  await deps.db.updateTable("users").set(lost).where("id", "=", user.id).execute();
}
