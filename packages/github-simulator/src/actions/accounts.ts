import { randomInt } from "node:crypto";
import { type World, timestamp } from "../world.ts";
import { userByLogin } from "../state/lookups.ts";
import type { TokenRecord, UserRecord } from "../state/model.ts";

export interface NewUser {
  readonly login: string;
  readonly name?: string | undefined;
  readonly email?: string | undefined;
  readonly type?: "User" | "Organization" | "Bot" | undefined;
}

/** Every scope that a personal token of the simulator has. */
const personalScopes = ["repo", "admin:repo_hook", "read:org", "user"];

/** Adds a user. Throws where the login is taken or is not one. */
export function addUser(world: World, user: NewUser): UserRecord {
  const { store } = world;
  if (!/^[a-z\d](?:[a-z\d-]{0,38})(?:\[bot\])?$/i.test(user.login)) {
    throw new Error(`no login: ${user.login}`);
  }
  if (userByLogin(store.state, user.login)) throw new Error(`the login ${user.login} is taken`);
  const id = store.nextId();
  const record: UserRecord = {
    id,
    login: user.login,
    name: user.name ?? null,
    email: user.email ?? `${id}+${user.login}@users.noreply.localhost`,
    type: user.type ?? "User",
    createdAt: timestamp(world),
  };
  store.state.users.push(record);
  store.save();
  return record;
}

/** Makes a token that stands for a user: a personal one, or one that the OAuth app holds. */
export function addToken(
  world: World,
  user: UserRecord,
  options: { scopes?: readonly string[]; app?: boolean; lifetimeSeconds?: number } = {},
): TokenRecord {
  const { store } = world;
  const app = options.app ?? false;
  const { lifetimeSeconds } = options;
  const record: TokenRecord = {
    id: store.nextId(),
    token: secretText(app ? "gho" : "ghp"),
    userId: user.id,
    scopes: [...(options.scopes ?? personalScopes)],
    app,
    createdAt: timestamp(world),
    expiresAt: lifetimeSeconds
      ? new Date(world.now().getTime() + lifetimeSeconds * 1000).toISOString()
      : null,
    refreshToken: lifetimeSeconds ? secretText("ghr") : null,
  };
  store.state.tokens.push(record);
  store.save();
  return record;
}

/** Makes tokens worthless at once. */
export function removeTokens(world: World, which: (token: TokenRecord) => boolean): void {
  const { state } = world.store;
  state.tokens = state.tokens.filter((token) => !which(token));
  world.store.save();
}

/** Ends the tokens that the OAuth app holds for a user, as if their time were over: what renews them stays good. */
export function endTokens(world: World, user: UserRecord): void {
  for (const token of world.store.state.tokens) {
    if (token.app && token.userId === user.id) token.expiresAt = timestamp(world);
  }
  world.store.save();
}

/** The token record of a secret that is still good. */
export function liveToken(world: World, secret: string): TokenRecord | undefined {
  const token = world.store.state.tokens.find((candidate) => candidate.token === secret);
  const expired = token?.expiresAt && new Date(token.expiresAt) <= world.now();
  return expired ? undefined : token;
}

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/** A secret in the form of GitHub's tokens: a prefix of three letters and 36 characters. */
function secretText(prefix: string): string {
  const characters = Array.from({ length: 36 }, () => alphabet.charAt(randomInt(alphabet.length)));
  return `${prefix}_${characters.join("")}`;
}
