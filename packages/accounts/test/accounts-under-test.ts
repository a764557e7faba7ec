import { createFernet, generateFernetKey } from "@nectr/crypto";
import { connect, connectLocks, type UserRow } from "@nectr/db";
import { createTestDatabase, type TestDatabase } from "@nectr/db/testing";
import { exchangeCode, type OAuthToken } from "@nectr/github";
import { createSimulator, type Simulator } from "@nectr/github-simulator";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type AccountsDeps,
  asUser,
  clientsForRepository,
  type RepositoryClient,
  saveUser,
} from "../src/index.ts";

/** A GitHub, a database, and what a process of ours works with on both. */
export interface AccountsUnderTest extends AsyncDisposable {
  readonly github: Simulator;
  readonly database: TestDatabase;
  readonly deps: AccountsDeps;
  /** What another process has: connections of its own to the same database. */
  anotherProcess(): AccountsDeps;
  /** A person at GitHub who has signed in here with a token that does not end. */
  signedIn(login: string): Promise<UserRow & { token: string }>;
  /** The person signs in once more, with another such token. */
  signInAgain(user: UserRow): Promise<UserRow>;
  /** A person who has gone through GitHub's page for a token that lives eight hours. */
  authorized(login: string): Promise<UserRow>;
}

/** @param key that tokens are encrypted with */
export async function startAccounts(
  postgresUrl: string,
  key = generateFernetKey(),
): Promise<AccountsUnderTest> {
  const dataDir = await mkdtemp(join(tmpdir(), "nectr-accounts-"));
  const [database, github] = await Promise.all([
    createTestDatabase(postgresUrl),
    createSimulator({ dataDir, expiringTokens: true }),
  ]);
  const { url, clientId, clientSecret } = github;
  const deps: AccountsDeps = {
    db: database.db,
    locks: database.db,
    fernet: createFernet([key]),
    github: { githubUrl: url, apiUrl: url, clientId, clientSecret, pace: "none" },
  };
  const pools: AccountsDeps["db"][] = [];

  return {
    github,
    database,
    deps,
    anotherProcess() {
      const connection = { connectionString: database.url, onError: (error: Error) => console.error(error) };
      const [db, locks] = [connect(connection), connectLocks(connection)];
      pools.push(db, locks);
      return { ...deps, db, locks };
    },
    async signedIn(login) {
      const { id, token } = await github.createUser({ login });
      const user = await saveUser(deps, { id, login }, { accessToken: token, scopes: ["repo"] });
      return { ...user, token };
    },
    signInAgain({ github_id: id, login }) {
      return saveUser(deps, { id, login }, { accessToken: github.createToken(login), scopes: ["repo"] });
    },
    async authorized(login) {
      const { id } = await github.createUser({ login });
      return saveUser(deps, { id, login }, await authorize(github, login));
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(pools.map((pool) => pool.destroy()));
      await Promise.all([database[Symbol.asyncDispose](), github.close()]);
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

async function authorize(github: Simulator, login: string): Promise<OAuthToken> {
  const { url: githubUrl, clientId, clientSecret } = github;
  const redirectUri = "http://127.0.0.1:1/callback";
  const page = await fetch(`${githubUrl}/login/oauth/authorize`, {
    method: "POST",
    redirect: "manual",
    body: new URLSearchParams({
      client_id: clientId,
      redirect_uri: redirectUri,
      scope: "repo",
      login,
      decision: "authorize",
    }),
  });
  const code = new URL(page.headers.get("location") ?? "").searchParams.get("code") ?? "";
  return exchangeCode({ githubUrl, clientId, clientSecret, code, redirectUri, codeVerifier: "" });
}

/** Connects the user to a repository; users connect in the order of their ids. */
export async function connectUser(
  db: AccountsDeps["db"],
  user: Pick<UserRow, "id">,
  repositoryId: number,
): Promise<void> {
  const repository = { id: repositoryId, full_name: "a/b", private: false, default_branch: "main" };
  await db
    .insertInto("repositories")
    .values(repository)
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  // The order of connecting counts, and a clock's resolution must not.
  const created_at = new Date(Date.now() + user.id * 1000);
  await db
    .insertInto("installations")
    .values({ user_id: user.id, repository_id: repositoryId, created_at })
    .execute();
}

/** Who serves the repository first. */
export async function firstClient(deps: AccountsDeps, repositoryId: number): Promise<RepositoryClient> {
  for await (const client of clientsForRepository(deps, repositoryId)) return client;
  throw new Error("nobody serves the repository");
}

/** Takes the user's token, renewed where it has to be, and does nothing with it. */
export function useToken(deps: AccountsDeps, userId: number): Promise<void> {
  return asUser(deps, userId, async () => {});
}
