import { createFernet, generateFernetKey } from "@nectr/crypto";
import { createTestDatabase, type TestDatabase } from "@nectr/db/testing";
import type { UserRow } from "@nectr/db";
import {
  exchangeCode,
  getAuthenticatedUser,
  getRepository,
  GitHubUnavailable,
  type OAuthToken,
} from "@nectr/github";
import { createSimulator, type Simulator } from "@nectr/github-simulator";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, inject, test } from "vitest";
import {
  type AccountsDeps,
  asUser,
  clientsForRepository,
  createVisibleRepositories,
  decryptToken,
  ReconnectNeeded,
  type RepositoryClient,
  saveUser,
  tokenStateOf,
} from "../src/index.ts";
import { findUser } from "../src/user-store.ts";

let database: TestDatabase;
let github: Simulator;
let dataDir: string;
let deps: AccountsDeps;
let time: Date;
const fernet = createFernet([generateFernetKey()]);

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), "nectr-accounts-"));
  [database, github] = await Promise.all([
    createTestDatabase(inject("postgresUrl")),
    createSimulator({ dataDir }),
  ]);
  time = new Date();
  const { url, clientId, clientSecret } = github;
  deps = {
    db: database.db,
    locks: database.db,
    fernet,
    github: { githubUrl: url, apiUrl: url, clientId, clientSecret, pace: "none" },
  };
});
afterEach(async () => {
  await Promise.all([database[Symbol.asyncDispose](), github.close()]);
  await rm(dataDir, { recursive: true, force: true });
});

/** A person at GitHub who has signed in here. */
async function signedIn(login: string, more: Partial<OAuthToken> = {}): Promise<UserRow & { token: string }> {
  const { id, token } = await github.createUser({ login });
  return {
    ...(await saveUser(deps, { id, login }, { accessToken: token, scopes: ["repo"], ...more })),
    token,
  };
}

/** Takes the user's token, renewed where it has to be, and does nothing with it. */
const useToken = (from: AccountsDeps, userId: number) => asUser(from, userId, async () => {});

/** GitHub has refused their token. */
async function pause(user: UserRow): Promise<void> {
  const token_state = "reconnect_needed";
  await deps.db.updateTable("users").set({ token_state }).where("id", "=", user.id).execute();
}

async function connect(user: UserRow, repositoryId: number): Promise<void> {
  const repository = { id: repositoryId, full_name: "a/b", private: false, default_branch: "main" };
  await deps.db
    .insertInto("repositories")
    .values(repository)
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  // The order of connecting counts, and a clock's resolution must not.
  const created_at = new Date(time.getTime() + user.id * 1000);
  await deps.db
    .insertInto("installations")
    .values({ user_id: user.id, repository_id: repositoryId, created_at })
    .execute();
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
    expect(decryptToken(fernet, second.github_id, second.encrypted_token ?? "")).toBe("newer");
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
    const token = { accessToken: github.createToken("octocat"), scopes: [] };
    await saveUser(deps, { id: octocat.github_id, login: "octocat" }, token);
    await expect(asUser(deps, octocat.id, getAuthenticatedUser)).resolves.toMatchObject({ login: "octocat" });
  });

  test("who signed in again meanwhile is not paused by the old token's refusal: the new one is used", async () => {
    const octocat = await signedIn("octocat");
    const token = { accessToken: github.createToken("octocat"), scopes: [] };
    const logins: string[] = [];
    await asUser(deps, octocat.id, async (client) => {
      github.revokeToken(octocat.token);
      await saveUser(deps, { id: octocat.github_id, login: "octocat" }, token);
      logins.push((await getAuthenticatedUser(client)).login);
    });
    expect(logins).toEqual(["octocat"]);
    expect(await findUser(deps.db, octocat.id)).toMatchObject({ token_state: "active" });
  });
});

describe("a token that ends", () => {
  /** Goes through GitHub's page for a token that lives eight hours. */
  async function withExpiringToken(login: string): Promise<UserRow> {
    const { id } = await github.createUser({ login });
    const redirectUri = "http://127.0.0.1:1/callback";
    const form = { client_id: github.clientId, redirect_uri: redirectUri, scope: "repo offline_access" };
    const page = await fetch(`${github.url}/login/oauth/authorize`, {
      method: "POST",
      redirect: "manual",
      body: new URLSearchParams({ ...form, login, decision: "authorize" }),
    });
    const code = new URL(page.headers.get("location") ?? "").searchParams.get("code") ?? "";
    const app = { githubUrl: github.url, clientId: github.clientId, clientSecret: github.clientSecret };
    const token = await exchangeCode({ ...app, code, redirectUri, codeVerifier: "" });
    expect(token.refreshToken).toBeDefined();
    return saveUser(deps, { id, login }, token);
  }

  /** Five minutes before the end it is time. */
  async function nearlyOver(user: UserRow): Promise<void> {
    const token_expires_at = new Date(time.getTime() + 5 * 60_000);
    await deps.db.updateTable("users").set({ token_expires_at }).where("id", "=", user.id).execute();
  }

  const renewals = () =>
    github.requests().filter(({ path }) => path === "/login/oauth/access_token").length - 1;

  test("is renewed once, whoever asks at the same time", async () => {
    const octocat = await withExpiringToken("octocat");
    await useToken(deps, octocat.id);
    expect(renewals()).toBe(0);
    await nearlyOver(octocat);
    const answers = await Promise.all(
      Array.from({ length: 50 }, () => asUser(deps, octocat.id, getAuthenticatedUser)),
    );
    expect(answers.map(({ login }) => login)).toEqual(Array.from({ length: 50 }, () => "octocat"));
    expect(renewals()).toBe(1);
    expect(await findUser(deps.db, octocat.id)).toMatchObject({ token_state: "active" });
  });

  test("stays as it is while GitHub cannot be asked", async () => {
    const octocat = await withExpiringToken("octocat");
    await nearlyOver(octocat);
    const effect = { kind: "status", status: 503, when: "before" } as const;
    github.faults.add({ path: "/login/oauth/access_token", times: 1, effect });
    await expect(useToken(deps, octocat.id)).rejects.toThrow(GitHubUnavailable);
    await expect(asUser(deps, octocat.id, getAuthenticatedUser)).resolves.toMatchObject({ login: "octocat" });
  });

  test("stays as it is while GitHub refuses the app", async () => {
    const octocat = await withExpiringToken("octocat");
    await nearlyOver(octocat);
    const wrong = { ...deps, github: { ...deps.github, clientSecret: "another app's" } };
    await expect(useToken(wrong, octocat.id)).rejects.toMatchObject({
      code: "incorrect_client_credentials",
    });
    await expect(asUser(deps, octocat.id, getAuthenticatedUser)).resolves.toMatchObject({ login: "octocat" });
  });

  test("whose renewal was lost on the way ends in reconnecting", async () => {
    const octocat = await withExpiringToken("octocat");
    await nearlyOver(octocat);
    github.faults.add({
      path: "/login/oauth/access_token",
      times: 1,
      effect: { kind: "reset", when: "after" },
    });
    await expect(useToken(deps, octocat.id)).rejects.toThrow(GitHubUnavailable);
    await expect(useToken(deps, octocat.id)).rejects.toThrow(ReconnectNeeded);
    expect(await findUser(deps.db, octocat.id)).toMatchObject({ token_state: "reconnect_needed" });
  });
});

describe("a repository", () => {
  let repositoryId: number;
  let octocat: UserRow;
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

  test("is served by whom was connected first, and by the next when their token fails", async () => {
    await connect(hubber, repositoryId);
    await connect(octocat, repositoryId);
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

  test("served by a client that GitHub refuses late pauses the user of that token, and of no newer one", async () => {
    await connect(octocat, repositoryId);
    const late = await firstClient(deps, repositoryId);
    const token = { accessToken: github.createToken("octocat"), scopes: [] };
    await saveUser(deps, { id: octocat.github_id, login: "octocat" }, token);
    await late.refused();
    expect(await findUser(deps.db, octocat.id)).toMatchObject({ token_state: "active" });

    const current = await firstClient(deps, repositoryId);
    await current.refused();
    expect(await findUser(deps.db, octocat.id)).toMatchObject({ token_state: "reconnect_needed" });
    expect(await findUser(deps.db, hubber.id)).toMatchObject({ token_state: "active" });
  });

  test("whose users all have to reconnect waits, even where the operator has a token", async () => {
    await connect(octocat, repositoryId);
    await pause(octocat);
    const withFallback = { ...deps, fallbackToken: github.createToken("hubber") };
    await expect(firstClient(withFallback, repositoryId)).rejects.toThrow(
      expect.objectContaining({ name: "ReconnectNeeded", userId: octocat.id }),
    );
  });

  test("that nobody is connected to is served by the operator's token", async () => {
    await connect(octocat, repositoryId);
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
    const token = { accessToken: github.createToken("octocat"), scopes: [] };
    await saveUser(deps, { id: octocat.github_id, login: "octocat" }, token);
    expect(await visible.list(octocat.id)).toHaveLength(1);
  });
});

/** Who serves the repository first. */
async function firstClient(deps: AccountsDeps, repositoryId: number): Promise<RepositoryClient> {
  for await (const client of clientsForRepository(deps, repositoryId)) return client;
  throw new Error("nobody serves the repository");
}
