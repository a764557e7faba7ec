import { expect, inject, test } from "vitest";
import { storedToken } from "@nectr/accounts";
import { openFor } from "@nectr/crypto";
import { startAuthService } from "./auth-service.ts";

test("no token, secret or session gets out, whatever goes wrong", async () => {
  await using service = await startAuthService(inject("postgresUrl"));
  const { github, db, context } = service;
  await github.createUser({ login: "octocat" });
  await github.createRepository({ owner: "octocat", name: "shop" });
  const answers: string[] = [];
  const browser = service.browser();

  const page = await browser.beginSignIn();
  const callback = await browser.authorize(page, "octocat");
  await browser.visit(callback);
  const replayed = await browser.visit(callback, { headers: { accept: "application/json" } });
  answers.push(await replayed.text());

  const calls = [
    ["GET", "/auth/me"],
    ["GET", "/api/v1/repos"],
    ["POST", "/api/v1/repos/octocat/shop/install"],
    ["GET", "/api/v1/reviews"],
    ["GET", "/api/v1/events"],
    ["DELETE", "/api/v1/repos/octocat/absent/install"],
  ] as const;
  const run = async () => {
    for (const [method, path] of calls) answers.push(JSON.stringify((await browser.call(method, path)).body));
  };
  await run();
  const user = await db.selectFrom("users").selectAll().executeTakeFirstOrThrow();
  const repository = await db.selectFrom("repositories").selectAll().executeTakeFirstOrThrow();
  for (const status of [500, 422, 403, 401]) {
    github.faults.add({ path: /^\/repos\//, effect: { kind: "status", status, when: "before" } });
    await run();
    github.faults.clear();
  }
  answers.push(await (await browser.visit("/metrics")).text());

  const secrets = {
    token: storedToken(context.fernet, user) ?? "",
    webhookSecret: openFor(
      context.fernet,
      `repository:${repository.id}`,
      repository.encrypted_webhook_secret ?? "",
    ),
    clientSecret: github.clientSecret,
    session: browser.cookies.get("nectr_session") ?? "none",
    state: page.searchParams.get("state") ?? "none",
    code: new URL(callback).searchParams.get("code") ?? "none",
    encryptedToken: user.encrypted_token ?? "none",
    secretKey: service.config.secretKeys[0] ?? "none",
  };
  expect(service.log.length).toBeGreaterThan(5);
  expect(Object.values(secrets).every((secret) => secret.length > 10)).toBe(true);
  for (const [name, secret] of Object.entries(secrets)) {
    expect({ name, logged: service.log.some((line) => line.includes(secret)) }).toEqual({
      name,
      logged: false,
    });
    expect({ name, sent: answers.some((text) => text.includes(secret)) }).toEqual({ name, sent: false });
  }
  const tables = JSON.stringify([user, repository, await db.selectFrom("sessions").selectAll().execute()]);
  for (const name of ["token", "webhookSecret", "session"] as const) {
    expect({ name, stored: tables.includes(secrets[name]) }).toEqual({ name, stored: false });
  }
});
