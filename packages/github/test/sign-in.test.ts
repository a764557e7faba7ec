import { inspect } from "node:util";
import { describe, expect, test } from "vitest";
import {
  authorizeUrl,
  exchangeCode,
  GitHubUnavailable,
  GitHubUnexpected,
  OAuthError,
  refreshToken,
  revokeGrant,
} from "../src/index.ts";
import { createScriptedGitHub, type Reply, token } from "./scripted-github.ts";

const app = { clientId: "Iv1.client", clientSecret: ["client", "secret", "value"].join("-") };
const callback = {
  code: "the-code",
  redirectUri: "http://localhost:8000/auth/github/callback",
  codeVerifier: "the-verifier",
};

test("the address of the consent page", () => {
  const url = new URL(
    authorizeUrl({
      githubUrl: "https://github.example/",
      clientId: app.clientId,
      redirectUri: callback.redirectUri,
      state: "s&t",
      codeChallenge: "abc_-",
      scopes: ["repo", "user:email"],
    }),
  );
  expect(url.origin + url.pathname).toBe("https://github.example/login/oauth/authorize");
  expect(Object.fromEntries(url.searchParams)).toEqual({
    client_id: app.clientId,
    redirect_uri: callback.redirectUri,
    scope: "repo user:email",
    state: "s&t",
    code_challenge: "abc_-",
    code_challenge_method: "S256",
  });
});

describe("exchanging a code", () => {
  test("gives a token that does not expire", async () => {
    await using github = await createScriptedGitHub(() => ({
      json: { access_token: token, scope: "repo,user:email", token_type: "bearer" },
    }));
    expect(await exchangeCode({ ...app, ...callback, githubUrl: github.url })).toEqual({
      accessToken: token,
      scopes: ["repo", "user:email"],
    });
    const [request] = github.requests;
    expect(`${request?.method} ${request?.path}`).toBe("POST /login/oauth/access_token");
    expect(request?.headers.accept).toBe("application/json");
    expect(Object.fromEntries(new URLSearchParams(request?.text))).toEqual({
      client_id: app.clientId,
      client_secret: app.clientSecret,
      code: "the-code",
      redirect_uri: callback.redirectUri,
      code_verifier: "the-verifier",
    });
  });

  test("gives a pair where tokens expire, and a refresh gives the next pair", async () => {
    await using github = await createScriptedGitHub(() => ({
      json: {
        access_token: token,
        expires_in: 28_800,
        refresh_token: "next",
        refresh_token_expires_in: 15_897_600,
        scope: "",
        token_type: "bearer",
      },
    }));
    const before = Date.now();
    const pair = await refreshToken({ ...app, githubUrl: github.url, refreshToken: "old" });
    expect(pair).toMatchObject({ accessToken: token, refreshToken: "next", scopes: [] });
    expect(Number(pair.expiresAt) - before - 28_800_000).toBeLessThan(5000);
    const sent = new URLSearchParams(github.requests[0]?.text);
    expect([sent.get("grant_type"), sent.get("refresh_token")]).toEqual(["refresh_token", "old"]);
  });

  test("a refusal comes with status 200, and is an error with GitHub's code", async () => {
    await using github = await createScriptedGitHub(() => ({
      json: { error: "bad_verification_code", error_description: "The code passed is incorrect or expired." },
    }));
    const refused = exchangeCode({ ...app, ...callback, githubUrl: github.url });
    await expect(refused).rejects.toThrow(OAuthError);
    await expect(refused).rejects.toMatchObject({ kind: "oauth", code: "bad_verification_code" });
  });

  test("a refused refresh keeps GitHub's words, but for the token", async () => {
    await using github = await createScriptedGitHub(({ text }) => ({
      json: { error: "bad_refresh_token", error_description: `The refresh token passed is bad: ${text}` },
    }));
    const refused = refreshToken({ ...app, githubUrl: github.url, refreshToken: "the-old-one" });
    await expect(refused).rejects.toMatchObject({
      code: "bad_refresh_token",
      message:
        `The refresh token passed is bad: client_id=${app.clientId}&client_secret=[secret]` +
        "&grant_type=refresh_token&refresh_token=[secret]",
    });
  });

  test.each<[Reply, abstract new (...args: never[]) => Error]>([
    [{ status: 503, body: "" }, GitHubUnavailable],
    [{ fault: "reset" }, GitHubUnavailable],
    [{ status: 404, body: "Not Found" }, OAuthError],
    [{ status: 200, body: "<html>" }, GitHubUnexpected],
  ])("is tried once where GitHub answers %o, and no error quotes a secret", async (reply, type) => {
    await using github = await createScriptedGitHub(() => reply);
    const error: unknown = await exchangeCode({ ...app, ...callback, githubUrl: github.url }).catch(
      (e: unknown) => e,
    );
    expect(error).toBeInstanceOf(type);
    expect(inspect(error, { depth: 20, showHidden: true })).not.toMatch(
      /client-secret-value|the-code|the-verifier/,
    );
    expect(github.requests).toHaveLength(1);
  });
});

describe("revoking", () => {
  test("the grant is asked for as the app, and one that is gone is fine", async () => {
    const replies: Reply[] = [{ status: 204 }, { status: 404, json: { message: "Not Found" } }];
    await using github = await createScriptedGitHub(
      () => replies.shift() ?? { status: 422, json: { message: "Gone" } },
    );
    for (let i = 0; i < 3; i += 1) await revokeGrant({ ...app, apiUrl: github.url, token });
    const [request] = github.requests;
    expect(`${request?.method} ${request?.path}`).toBe(`DELETE /applications/${app.clientId}/grant`);
    expect(request?.headers.authorization).toBe(`basic ${btoa(`${app.clientId}:${app.clientSecret}`)}`);
    expect(request?.json).toEqual({ access_token: token });
  });

  test("an error quotes neither the token nor the app's secret", async () => {
    await using github = await createScriptedGitHub(({ text, headers }) => ({
      status: 401,
      json: { message: `${text} ${headers.authorization}` },
    }));
    const error: unknown = await revokeGrant({ ...app, apiUrl: github.url, token }).catch((e: unknown) => e);
    expect(error).toMatchObject({ kind: "unauthorized" });
    const everything = inspect(error, { depth: 20, showHidden: true });
    for (const secret of [token, app.clientSecret, btoa(`${app.clientId}:${app.clientSecret}`)]) {
      expect(everything).not.toContain(secret);
    }
  });
});
