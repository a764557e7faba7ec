import { sha256 } from "@nectr/crypto";
import express from "express";
import { z } from "zod";
import { addToken, removeTokens } from "../actions/accounts.ts";
import { isSecret } from "../digest.ts";
import { userById } from "../state/lookups.ts";
import type { TokenRecord, UserRecord } from "../state/model.ts";
import type { World } from "../world.ts";

const request = z.object({
  client_id: z.string().default(""),
  client_secret: z.string().default(""),
  grant_type: z.string().optional(),
  code: z.string().default(""),
  redirect_uri: z.string().optional(),
  code_verifier: z.string().optional(),
  refresh_token: z.string().default(""),
});
type TokenRequest = z.infer<typeof request>;

type TokenAnswer = Readonly<Record<string, string | number>>;

/** `/login/oauth/access_token`. Errors come with status 200, as GitHub's do. */
export function createAccessToken(world: World): express.Router {
  const router = express.Router();
  const parsers = [express.urlencoded({ extended: false }), express.json()];
  router.post("/login/oauth/access_token", parsers, (req: express.Request, res: express.Response) => {
    const asked = request.parse({ ...req.query, ...req.body });
    const answer = exchange(world, asked);
    res.set("Cache-Control", "no-store");
    if (/\bjson\b/.test(req.get("accept") ?? "")) return void res.json(answer);
    const form = new URLSearchParams(Object.entries(answer).map(([name, value]) => [name, String(value)]));
    res.type("application/x-www-form-urlencoded").send(form.toString());
  });
  return router;
}

function exchange(world: World, asked: TokenRequest): TokenAnswer {
  const { state } = world.store;
  if (asked.client_id !== state.clientId || !isSecret(asked.client_secret, state.clientSecret)) {
    return failure(
      "incorrect_client_credentials",
      "The client_id and/or client_secret passed are incorrect.",
    );
  }
  return asked.grant_type === "refresh_token" ? refresh(world, asked) : redeem(world, asked);
}

const badCode = failure("bad_verification_code", "The code passed is incorrect or expired.");

/** A code is used up by the attempt, whatever comes of it. */
function redeem(world: World, asked: TokenRequest): TokenAnswer {
  const { state } = world.store;
  const code = state.codes.find((candidate) => candidate.code === asked.code);
  if (!code) return badCode;
  state.codes = state.codes.filter((other) => other !== code);
  world.store.save();
  if (new Date(code.expiresAt) <= world.now()) return badCode;
  if (asked.redirect_uri !== undefined && asked.redirect_uri !== code.redirectUri) {
    const why = "The redirect_uri MUST match the registered callback URL for this application.";
    return failure("redirect_uri_mismatch", why);
  }
  if (code.challenge !== null && !answersChallenge(code.challenge, asked.code_verifier)) return badCode;
  return success(issueToken(world, userById(state, code.userId), code.scopes));
}

function answersChallenge(challenge: string, verifier: string | undefined): boolean {
  if (verifier === undefined) return false;
  return isSecret(sha256(verifier).toString("base64url"), challenge);
}

/** Rotates the pair: the old token and its refresh token are worthless afterwards. */
function refresh(world: World, asked: TokenRequest): TokenAnswer {
  const { state } = world.store;
  const old = state.tokens.find((token) => token.app && token.refreshToken === asked.refresh_token);
  if (!old) return failure("bad_refresh_token", "The refresh token passed is incorrect or expired.");
  removeTokens(world, (token) => token === old);
  return success(issueToken(world, userById(state, old.userId), old.scopes));
}

const mostTokens = 10;
const lifetimeSeconds = 28_800;
const refreshLifetimeSeconds = 15_897_600;

/**
 * GitHub keeps ten tokens for a user, an app and a set of scopes; the oldest gives way. By the app's setting, or with
 * the scope `offline_access`, a token ends after eight hours and comes with a refresh token.
 */
function issueToken(world: World, user: UserRecord, scopes: readonly string[]): TokenRecord {
  const same = world.store.state.tokens.filter(
    (token) => token.app && token.userId === user.id && token.scopes.join() === scopes.join(),
  );
  const surplus = new Set(same.slice(0, Math.max(0, same.length - mostTokens + 1)));
  if (surplus.size > 0) removeTokens(world, (token) => surplus.has(token));
  const expires = world.store.state.expiringTokens || scopes.includes("offline_access");
  return addToken(world, user, { scopes, app: true, ...(expires ? { lifetimeSeconds } : {}) });
}

function success(token: TokenRecord): TokenAnswer {
  const expiry: TokenAnswer =
    token.refreshToken === null
      ? {}
      : {
          expires_in: lifetimeSeconds,
          refresh_token: token.refreshToken,
          refresh_token_expires_in: refreshLifetimeSeconds,
        };
  return { access_token: token.token, token_type: "bearer", scope: token.scopes.join(","), ...expiry };
}

function failure(error: string, description: string): TokenAnswer {
  const docs =
    "https://docs.github.com/apps/managing-oauth-apps/troubleshooting-oauth-app-access-token-request-errors";
  return { error, error_description: description, error_uri: docs };
}
