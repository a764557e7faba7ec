import { createHash, randomBytes } from "node:crypto";
import { expect, test } from "vitest";
import { z } from "zod";
import { createSimulator } from "../src/index.ts";
import { clientOf, openShop, type Shop } from "./world.ts";

const callback = "http://127.0.0.1:9/callback";

function authorizeUrl(shop: Shop, extra: Record<string, string> = {}): URL {
  const url = new URL("/login/oauth/authorize", shop.simulator.url);
  const client_id = shop.simulator.clientId;
  url.search = String(
    new URLSearchParams({
      client_id,
      redirect_uri: callback,
      scope: "repo user:email",
      state: "s1",
      ...extra,
    }),
  );
  return url;
}

/** Presses the button as `login`; returns where that leads, and the cookie. */
async function authorize(shop: Shop, login: string, extra: Record<string, string> = {}) {
  const url = authorizeUrl(shop, extra);
  const body = new URLSearchParams(url.search);
  body.set("login", login);
  body.set("decision", "authorize");
  const answer = await fetch(new URL(url.pathname, url), { method: "POST", body, redirect: "manual" });
  const location = new URL(answer.headers.get("location") ?? "");
  return {
    code: location.searchParams.get("code") ?? "",
    location,
    cookie: answer.headers.get("set-cookie") ?? "",
  };
}

/** A token or a refusal. */
const tokenAnswer = z.looseObject({
  error: z.string().optional(),
  access_token: z.string().default(""),
  refresh_token: z.string().default(""),
  expires_in: z.int().optional(),
});

async function exchange(shop: Shop, parameters: Record<string, string>) {
  const answer = await fetch(new URL("/login/oauth/access_token", shop.simulator.url), {
    method: "POST",
    headers: { accept: "application/json" },
    body: new URLSearchParams({
      client_id: shop.simulator.clientId,
      client_secret: shop.simulator.clientSecret,
      ...parameters,
    }),
  });
  expect(answer.status).toBe(200);
  return tokenAnswer.parse(await answer.json());
}

test("the page asks once; the code buys a token once", async () => {
  await using shop = await openShop();
  const page = await (await fetch(authorizeUrl(shop))).text();
  expect(page).toContain("Authorize");
  expect(page).toContain('value="hubot"');
  expect(page).toContain("<strong>Repositories, public and private</strong>: read and write");
  expect(page).toContain("<strong>Email addresses</strong>: read<");

  const { code, location, cookie } = await authorize(shop, "octocat");
  expect(location.searchParams.get("state")).toBe("s1");
  const token = await exchange(shop, { code, redirect_uri: callback });
  expect(token).toMatchObject({ token_type: "bearer", scope: "repo,user:email" });
  expect(await exchange(shop, { code })).toMatchObject({ error: "bad_verification_code" });

  const octocat = clientOf(shop.simulator, token.access_token);
  const user = await octocat("GET", "/user");
  expect(user.json).toMatchObject({ login: "octocat" });
  expect(user.headers.get("x-oauth-scopes")).toBe("repo, user:email");

  const again = await fetch(authorizeUrl(shop), { headers: { cookie }, redirect: "manual" });
  expect(again.status).toBe(302);
  expect((await fetch(authorizeUrl(shop, { scope: "repo admin:org" }), { headers: { cookie } })).status).toBe(
    200,
  );
});

test("each way to get the exchange wrong has its own error", async () => {
  await using shop = await openShop();
  const verifier = randomBytes(32).toString("base64url");
  const challenge = createHash("sha256").update(verifier).digest("base64url");
  const pkce = { code_challenge: challenge, code_challenge_method: "S256" };
  const code = async () => (await authorize(shop, "octocat", pkce)).code;
  const error = async (parameters: Record<string, string>) => (await exchange(shop, parameters)).error;
  expect(await error({ code: await code(), client_secret: "wrong" })).toBe("incorrect_client_credentials");
  expect(await error({ code: await code(), code_verifier: verifier, redirect_uri: `${callback}/x` })).toBe(
    "redirect_uri_mismatch",
  );
  expect(await error({ code: await code() })).toBe("bad_verification_code");
  expect(await error({ code: await code(), code_verifier: "wrong" })).toBe("bad_verification_code");
  expect(await error({ code: await code(), code_verifier: verifier })).toBeUndefined();
  const plain = await fetch(authorizeUrl(shop, { code_challenge: "x", code_challenge_method: "plain" }), {
    redirect: "manual",
  });
  expect(plain.headers.get("location")).toContain("error=invalid_request");
  expect((await fetch(authorizeUrl(shop, { client_id: "other" }))).status).toBe(404);
  expect((await fetch(authorizeUrl(shop, { redirect_uri: "javascript:alert(1)" }))).status).toBe(400);
});

test("a token is checked and revoked, and revoking the grant brings the question back", async () => {
  await using shop = await openShop();
  const { clientId, clientSecret, url } = shop.simulator;
  const { code, cookie } = await authorize(shop, "octocat");
  const token = (await exchange(shop, { code })).access_token;
  const ask = (method: string, what: string) =>
    fetch(new URL(`/applications/${clientId}/${what}`, url), {
      method,
      headers: { authorization: `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString("base64")}` },
      body: JSON.stringify({ access_token: token }),
    });
  const checked = await ask("POST", "token");
  expect(await checked.json()).toMatchObject({ user: { login: "octocat" }, scopes: ["repo", "user:email"] });
  expect((await ask("DELETE", "grant")).status).toBe(204);
  expect((await ask("POST", "token")).status).toBe(404);
  expect((await clientOf(shop.simulator, token)("GET", "/user")).status).toBe(401);
  expect((await fetch(authorizeUrl(shop), { headers: { cookie }, redirect: "manual" })).status).toBe(200);
  expect(shop.simulator.violations()).toEqual([]);
});

test("a refresh replaces both tokens", async () => {
  await using shop = await openShop();
  const { code } = await authorize(shop, "octocat", { scope: "repo offline_access" });
  const first = await exchange(shop, { code });
  expect(first.expires_in).toBe(28_800);
  const refresh = { grant_type: "refresh_token", refresh_token: first.refresh_token };
  const second = await exchange(shop, refresh);
  expect((await clientOf(shop.simulator, second.access_token)("GET", "/user")).status).toBe(200);
  expect((await clientOf(shop.simulator, first.access_token)("GET", "/user")).status).toBe(401);
  expect(await exchange(shop, refresh)).toMatchObject({ error: "bad_refresh_token" });
});

test("the app's setting makes its tokens end after eight hours, whatever scopes they have", async () => {
  await using shop = await openShop();
  const signIn = async () => exchange(shop, { code: (await authorize(shop, "octocat")).code });
  expect(await signIn()).not.toHaveProperty("expires_in");
  shop.simulator.setExpiringTokens(true);
  expect(await signIn()).toMatchObject({ expires_in: 28_800, refresh_token: expect.stringMatching(/^ghr_/) });

  const later = await createSimulator({ dataDir: shop.dataDir });
  try {
    const again = { ...shop, simulator: later };
    const { code } = await authorize(again, "octocat");
    expect(await exchange(again, { code })).toMatchObject({ expires_in: 28_800 });
  } finally {
    await later.close();
  }
});

test("a token that has ended is refused, and can still be refreshed; others live on", async () => {
  await using shop = await openShop({ expiringTokens: true });
  const signIn = async (login: string) => exchange(shop, { code: (await authorize(shop, login)).code });
  const [octocats, hubots] = [await signIn("octocat"), await signIn("hubot")];
  const statusWith = async (token: string) => (await clientOf(shop.simulator, token)("GET", "/user")).status;
  expect(await statusWith(octocats.access_token)).toBe(200);
  shop.simulator.expireTokens("octocat");
  expect(await statusWith(octocats.access_token)).toBe(401);
  expect(await statusWith(hubots.access_token)).toBe(200);
  expect(await statusWith(shop.octocat.token)).toBe(200);
  const refresh = { grant_type: "refresh_token", refresh_token: octocats.refresh_token };
  expect(await statusWith((await exchange(shop, refresh)).access_token)).toBe(200);
});
