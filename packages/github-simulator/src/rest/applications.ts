import { z } from "zod";
import { addToken, liveToken, removeTokens } from "../actions/accounts.ts";
import { isSecret, sha256Hex } from "../digest.ts";
import { presentUser } from "../present/user.ts";
import { GitHubProblem, notFound } from "../problem.ts";
import { userById } from "../state/lookups.ts";
import type { TokenRecord } from "../state/model.ts";
import { type Answer, type Call, type Route, noContent, ok, requireBody } from "./call.ts";

/** What the OAuth app may do with its users' tokens: check, reset and revoke, with its own credentials. */
export const applicationRoutes: readonly Route[] = [
  ["post", "/applications/:client_id/token", checkToken],
  ["patch", "/applications/:client_id/token", resetToken],
  ["delete", "/applications/:client_id/token", revokeToken],
  ["delete", "/applications/:client_id/grant", revokeGrant],
];

/** Lets through the OAuth app itself, by basic authentication. */
function requireApp(call: Call): void {
  const { state } = call.world.store;
  const encoded = /^Basic (.+)$/i.exec(call.headers.authorization ?? "")?.[1] ?? "";
  const credentials = Buffer.from(encoded, "base64").toString("utf8");
  if (!isSecret(credentials, `${state.clientId}:${state.clientSecret}`)) {
    throw new GitHubProblem(401, "Bad credentials");
  }
  if (call.params["client_id"] !== state.clientId) throw notFound();
}

function requireAppToken(call: Call): TokenRecord {
  requireApp(call);
  const { access_token: secret } = requireBody(call, z.object({ access_token: z.string() }));
  const token = liveToken(call.world, secret);
  if (!token?.app) throw notFound();
  return token;
}

function checkToken(call: Call): Answer {
  return ok(presentAuthorization(call, requireAppToken(call)));
}

function resetToken(call: Call): Answer {
  const old = requireAppToken(call);
  const user = userById(call.world.store.state, old.userId);
  removeTokens(call.world, (token) => token === old);
  return ok(presentAuthorization(call, addToken(call.world, user, { scopes: old.scopes, app: true })));
}

function revokeToken(call: Call): Answer {
  const revoked = requireAppToken(call);
  removeTokens(call.world, (token) => token === revoked);
  return noContent;
}

function revokeGrant(call: Call): Answer {
  const { userId } = requireAppToken(call);
  const { state } = call.world.store;
  state.grants = state.grants.filter((grant) => grant.userId !== userId);
  removeTokens(call.world, (token) => token.app && token.userId === userId);
  return noContent;
}

function presentAuthorization(call: Call, token: TokenRecord) {
  const { state } = call.world.store;
  return {
    id: token.id,
    url: `${call.world.url}/authorizations/${token.id}`,
    app: { name: "Nectr", url: call.world.url, client_id: state.clientId },
    token: token.token,
    hashed_token: sha256Hex(token.token),
    token_last_eight: token.token.slice(-8),
    note: null,
    note_url: null,
    created_at: token.createdAt,
    updated_at: token.createdAt,
    scopes: token.scopes,
    fingerprint: null,
    expires_at: token.expiresAt,
    user: presentUser(call.world, userById(state, token.userId)),
  };
}
