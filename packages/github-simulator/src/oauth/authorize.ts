import { randomBytes } from "node:crypto";
import express from "express";
import { z } from "zod";
import type { World } from "../world.ts";
import { userByLogin } from "../state/lookups.ts";
import type { UserRecord } from "../state/model.ts";
import { messagePage } from "../pages/message-page.ts";
import { authorizePage } from "./authorize-page.ts";
import { type AuthorizeRequest, authorizeRequest, scopesOf, supportsChallenge } from "./authorize-request.ts";

const codeLifetimeMs = 600_000;
const cookieName = "simulator_user";

/** `/login/oauth/authorize`: the question at the first time, a straight way back once it was answered. */
export function createAuthorize(world: World): express.Router {
  const router = express.Router();
  const path = "/login/oauth/authorize";
  router.get(path, (req, res) => {
    const asked = readRequest(world, req.query, res);
    if (!asked) return;
    const signedIn = signedInUser(world, req);
    if (signedIn && asked.prompt !== "select_account" && isGranted(world, signedIn, asked)) {
      return sendBack(res, asked, { code: issueCode(world, signedIn, asked) });
    }
    const people = world.store.state.users.filter((user) => user.type === "User");
    res.set("Cache-Control", "no-store").send(authorizePage(asked, people, signedIn));
  });
  router.post(path, express.urlencoded({ extended: false }), (req, res) => {
    const form = z
      .object({ login: z.string().default(""), decision: z.string().default("") })
      .parse(req.body);
    const asked = readRequest(world, req.body, res);
    if (!asked) return;
    if (form.decision === "cancel") {
      return refuse(res, asked, "access_denied", "The user has denied your application access.");
    }
    const user = userByLogin(world.store.state, form.login);
    if (!user) return void res.status(422).send(messagePage("No such user", "Choose who signs in."));
    grant(world, user, asked);
    res.cookie(cookieName, user.login, { httpOnly: true, sameSite: "lax", path: "/" });
    sendBack(res, asked, { code: issueCode(world, user, asked) });
  });
  return router;
}

/** The request, or undefined after an answer that tells what is wrong with it. */
function readRequest(world: World, input: unknown, res: express.Response): AuthorizeRequest | undefined {
  const parsed = authorizeRequest.safeParse(input);
  if (parsed.success && parsed.data.client_id === world.store.state.clientId) {
    if (supportsChallenge(parsed.data)) return parsed.data;
    refuse(res, parsed.data, "invalid_request", "Only S256 challenges are supported");
    return undefined;
  }
  const known = z.object({ client_id: z.literal(world.store.state.clientId) }).safeParse(input).success;
  if (known) {
    res.status(400).send(messagePage("Invalid redirect_uri", "It must be the address of the application."));
  } else {
    res.status(404).send(messagePage("Page not found", "No OAuth application has this client_id."));
  }
  return undefined;
}

/** Who last authorized in this browser. */
function signedInUser(world: World, req: express.Request): UserRecord | undefined {
  const cookie = new RegExp(`(?:^|; )${cookieName}=([^;]+)`).exec(req.headers.cookie ?? "")?.[1];
  return cookie === undefined ? undefined : userByLogin(world.store.state, decodeURIComponent(cookie));
}

function isGranted(world: World, user: UserRecord, asked: AuthorizeRequest): boolean {
  const granted = world.store.state.grants.find((candidate) => candidate.userId === user.id);
  return granted !== undefined && scopesOf(asked).every((scope) => granted.scopes.includes(scope));
}

function grant(world: World, user: UserRecord, asked: AuthorizeRequest): void {
  const { state } = world.store;
  const known = state.grants.find((candidate) => candidate.userId === user.id);
  const scopes = [...new Set([...(known?.scopes ?? []), ...scopesOf(asked)])];
  if (known) known.scopes = scopes;
  else state.grants.push({ userId: user.id, scopes });
}

function issueCode(world: World, user: UserRecord, asked: AuthorizeRequest): string {
  const code = randomBytes(10).toString("hex");
  const { state } = world.store;
  state.codes = state.codes.filter((other) => new Date(other.expiresAt) > world.now());
  state.codes.push({
    code,
    userId: user.id,
    scopes: scopesOf(asked),
    redirectUri: asked.redirect_uri,
    challenge: asked.code_challenge ?? null,
    expiresAt: new Date(world.now().getTime() + codeLifetimeMs).toISOString(),
  });
  world.store.save();
  return code;
}

function refuse(res: express.Response, asked: AuthorizeRequest, error: string, description: string): void {
  sendBack(res, asked, { error, error_description: description });
}

function sendBack(
  res: express.Response,
  asked: AuthorizeRequest,
  answer: Readonly<Record<string, string>>,
): void {
  const target = new URL(asked.redirect_uri);
  for (const [name, value] of Object.entries(answer)) target.searchParams.set(name, value);
  if (asked.state !== undefined) target.searchParams.set("state", asked.state);
  res.redirect(302, target.href);
}
