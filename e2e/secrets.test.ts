import { createFernet, generateFernetKey, randomToken, signWebhook } from "@nectr/crypto";
import type { Session } from "@nectr/local";
import { startScriptedModel } from "@nectr/model/testing";
import { describe, expect, inject, test } from "vitest";
import { connect, read } from "./src/api.ts";
import { defective, sound } from "./src/changes.ts";
import { openEncryptedColumns } from "./src/encrypted-columns.ts";
import { expectHidden, type Rightful, sentByBrowsers } from "./src/expect-hidden.ts";
import type { Secret } from "./src/find-secrets.ts";
import { trouble } from "./src/github-trouble.ts";
import { untilEvent, untilReviewed } from "./src/outcomes.ts";
import { cloneShop, createShop, openPullRequest, type Shop } from "./src/shop.ts";
import { startWatchedSystem, type WatchedSystem } from "./src/watched-system.ts";

const redisUrl = inject("redisUrl");
const limit = { timeout: 120_000 };

describe.concurrent("no secret comes to light, whatever goes wrong", () => {
  test("with the queue in PostgreSQL", limit, () => tell(undefined));
  test.skipIf(redisUrl === undefined)("with the queue in Redis (needs redis-server)", limit, () =>
    tell(`${redisUrl}/3`),
  );
});

async function tell(queueUrl: string | undefined): Promise<void> {
  await using team = await startTeam(queueUrl);
  await allIsWell(team);
  await githubFails(team);
  await signInsFail(team);
  await strangersCall(team);
  await grantIsGivenBack(team);
  await tokenIsRefused(team);
  const onTheWay = sentByBrowsers(team.system, {
    code: /[?&]code=([\w-]+)/g,
    state: /[?&]state=([\w-]+)/g,
    "state in a cookie": /nectr_state=([\w-]+)/g,
  });
  await expectHidden(team.system, [...team.secrets(), ...onTheWay], {
    rightful: stateInAnswers,
    // Of all columns of an event, the payload alone has it so.
    evident: [{ name: "the table webhook_events", text: '"pull_request":' }],
  });
}

const stateInAnswers: readonly Rightful[] = [
  { what: "a state, to the browser that begins", text: /^set-cookie: nectr_state=[\w-]+/gim },
  { what: "the same, for GitHub to bring back", text: /^location: \S+\/login\/oauth\/authorize\?\S+/gim },
  { what: "the same, in that redirect's text", text: /^Found\. Redirecting to \S+\/authorize\?\S+/gm },
].map((one) => ({ place: "the answers of auth", ...one }));

interface Team extends AsyncDisposable {
  readonly system: WatchedSystem;
  readonly shop: Shop;
  readonly configured: Readonly<Record<"GITHUB_CLIENT_SECRET" | "GITHUB_WEBHOOK_SECRET", string>>;
  /** What is configured, and all that was remembered. */
  secrets(): Secret[];
  /** Signs in as octocat, and remembers the tokens. */
  signIn(): Promise<Session>;
  /** Remembers what lies encrypted in the database. @returns it, by column */
  remember(): Promise<Readonly<Record<string, string>>>;
  /** Pushes files to a new branch, and opens a pull request. @returns its head */
  push(branch: string, files: Readonly<Record<string, string>>): Promise<string>;
}

async function startTeam(queueUrl: string | undefined): Promise<Team> {
  await using cleanup = new AsyncDisposableStack();
  const key = generateFernetKey();
  const configured = {
    SECRET_KEY: key,
    GITHUB_CLIENT_SECRET: `client-${randomToken(24)}`,
    // An operator's own choice.
    GITHUB_WEBHOOK_SECRET: `a/secret+of ours, ${randomToken(24)}`,
    OPENAI_API_KEY: `model-${randomToken(24)}`,
  };
  const model = cleanup.use(
    await startScriptedModel(({ text, authorization }) =>
      text.includes("src/refused.ts")
        ? { status: 401, message: `Incorrect API key provided: ${authorization}` }
        : { summary: "Finds orders.", findings: [] },
    ),
  );
  const system = cleanup.use(
    await startWatchedSystem({
      redisUrl: queueUrl,
      clientSecret: configured.GITHUB_CLIENT_SECRET,
      environment: { ...configured, OPENAI_BASE_URL: model.baseUrl, OPENAI_MODEL: "scripted" },
    }),
  );
  const { simulator, db, signIn } = system.nectr;
  simulator.setExpiringTokens(true);
  const shop = await createShop(simulator);
  const clone = cleanup.use(await cloneShop(simulator, shop));
  const stored = new Map<string, string>();
  const remember = async () => {
    const columns = await openEncryptedColumns(db, createFernet([key]));
    for (const { column, value } of columns) stored.set(value, column);
    return Object.fromEntries(columns.map(({ column, value }) => [column, value]));
  };
  const resources = cleanup.move();
  return {
    system,
    shop,
    configured,
    remember,
    secrets: () => [
      ...Object.entries(configured).map(([name, value]) => ({ name, value })),
      ...[...stored].map(([value, name]) => ({ name, value })),
    ],
    async signIn() {
      const session = await signIn("octocat");
      await remember();
      return session;
    },
    async push(branch, files) {
      const head = await clone.push(branch, files);
      await openPullRequest(simulator, shop, branch);
      return head;
    },
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  };
}

/** Sign in, connect, a review, a new webhook secret, a renewed token. */
async function allIsWell({ system, shop, signIn, remember, push }: Team): Promise<void> {
  const { db, simulator } = system.nectr;
  const octocat = await signIn();
  await connect(octocat, shop);
  await remember();
  await untilReviewed(db, await push("orders", defective("orders")));
  const rotated = await octocat.request("POST", `/api/v1/repos/${shop.fullName}/rotate-secret`, {});
  expect(rotated.status).toBe(200);
  const before = await remember();
  simulator.expireTokens("octocat");
  await db.updateTable("users").set({ token_expires_at: new Date() }).execute();
  expect(await read(octocat, "/api/v1/repos")).toMatchObject({ total: 1 });
  expect((await remember())["users.encrypted_token"]).not.toBe(before["users.encrypted_token"]);
}

/** GitHub fails in each way, at each step of a review, and repeats what it was sent; so does the model. */
async function githubFails({ system, shop, signIn, remember, push }: Team): Promise<void> {
  const { db, simulator } = system.nectr;
  const octocat = await signIn();
  const stored = await remember();
  const token = stored["users.encrypted_token"];
  trouble(simulator, { method: "GET", path: /\/pulls\/2$/, status: 500, echo: [token] });
  trouble(simulator, {
    method: "POST",
    path: /\/issues\/2\/comments$/,
    status: 502,
    done: true,
    echo: [token],
  });
  trouble(simulator, { method: "GET", path: /\/pulls\/3$/ });
  trouble(simulator, { method: "GET", path: /\/pulls\/3\/files$/, status: 403, echo: [token] });
  trouble(simulator, { method: "POST", path: /\/pulls\/4\/reviews$/, status: 422, echo: [token] });
  const heads = [
    // By its name the model refuses this one.
    await push("refused", sound("refused")),
    await push("forbidden", sound("forbidden")),
    await push("unplaced", defective("unplaced")),
  ];
  await Promise.all(heads.map((head) => untilReviewed(db, head)));

  const secret = stored["repositories.encrypted_webhook_secret"];
  for (const status of [422, 403]) {
    trouble(simulator, { method: "PATCH", path: /\/hooks\/\d+$/, status, echo: [token, secret] });
    const refused = await octocat.request("POST", `/api/v1/repos/${shop.fullName}/install`, {});
    expect(refused.status).toBe(status);
  }
  await connect(octocat, shop);
}

/** Sign-ins fail at GitHub, which repeats what it was sent, are given up, or tampered with. */
async function signInsFail({ system, signIn, configured }: Team): Promise<void> {
  const { authUrl, simulator } = system.nectr;
  const secret = configured.GITHUB_CLIENT_SECRET;
  const exchange = { method: "POST", path: /^\/login\/oauth\/access_token$/ };
  const refusals = [
    { error: "incorrect_client_credentials", error_description: `client_secret=${secret}` },
    { error: secret, error_description: secret },
  ];
  for (const body of refusals) {
    const effect = { kind: "status", status: 200, when: "before", body } as const;
    simulator.faults.add({ ...exchange, times: 1, effect });
    await expect(signIn()).rejects.toThrow("Signing in as octocat failed: ");
  }
  for (const answer of [{ status: 500, echo: [secret] }, { done: true }]) {
    trouble(simulator, { ...exchange, ...answer });
    await expect(signIn()).rejects.toThrow("Signing in as octocat failed: github_unavailable");
  }
  trouble(simulator, { method: "GET", path: /^\/user$/ });
  await signIn();

  const given = await begin(authUrl);
  const form = new URLSearchParams([...given.authorize.searchParams, ["decision", "cancel"]]);
  const cancelled = await visit(given.authorize.origin + given.authorize.pathname, {
    method: "POST",
    body: form,
  });
  const refused = await visit(cancelled.location, { headers: { cookie: given.cookie } });
  expect(refused.location).toContain("error=access_denied");
  const { cookie } = await begin(authUrl);
  const query = `code=${randomToken(16)}&state=${given.authorize.searchParams.get("state")}`;
  const tampered = `${authUrl}/auth/github/callback?${query}`;
  expect((await visit(tampered, { headers: { cookie } })).location).toContain("error=invalid_state");
  expect((await visit(tampered, { headers: { cookie, accept: "application/json" } })).status).toBe(400);
}

/** Begins a sign-in. @returns GitHub's page, and the cookie that ties it to the browser */
async function begin(authUrl: string): Promise<{ authorize: URL; cookie: string }> {
  const { location, cookie } = await visit(`${authUrl}/auth/github`);
  return { authorize: new URL(location), cookie };
}

async function visit(url: string, init: RequestInit = {}) {
  const { status, headers } = await fetch(url, { ...init, redirect: "manual" });
  const cookies = headers.getSetCookie().map((line) => line.split(";")[0]);
  return { status, location: headers.get("location") ?? "", cookie: cookies.join("; ") };
}

/** Calls that nobody of ours would make, with secrets where none belong. */
async function strangersCall({ system, shop, remember, configured }: Team): Promise<void> {
  const { authUrl, webhookUrl } = system.nectr;
  const secret = (await remember())["repositories.encrypted_webhook_secret"] ?? "";
  const global = configured.GITHUB_WEBHOOK_SECRET;
  const named = JSON.stringify({ repository: { id: shop.id, full_name: shop.fullName } });
  const foreign = JSON.stringify({ repository: { id: 1, full_name: shop.fullName } });
  const deliveries: readonly (readonly [body: string, signedWith: string, status: number])[] = [
    [named, "another", 401],
    [named, secret, 200],
    [named, global, 200],
    [foreign, secret, 403],
    ["{", secret, 401],
    ["{", global, 400],
    [`{"repository": ${secret}`, global, 400],
  ];
  for (const [body, signedWith, status] of deliveries) {
    const signature = signWebhook(signedWith, Buffer.from(body));
    const response = await fetch(`${webhookUrl}/api/v1/webhooks/github`, {
      method: "POST",
      headers: { "x-github-event": "ping", "x-hub-signature-256": signature },
      body,
    });
    expect(response.status, `${body}`).toBe(status);
  }

  const cookie = firstSession(system);
  const session = cookie.slice(cookie.indexOf("=") + 1);
  const post = (path: string, headers: object, body: string) =>
    fetch(`${authUrl}${path}`, { method: "POST", headers: { cookie, ...headers }, body });
  const get = (path: string, headers: object = {}) =>
    fetch(`${authUrl}${path}`, { headers: { cookie, ...headers } });
  const page = { origin: authUrl };
  const json = { ...page, "content-type": "application/json" };
  const form = { ...page, "content-type": "application/x-www-form-urlencoded" };
  const statuses = await Promise.all([
    post("/auth/link", json, `{"token": "${secret}`),
    post("/auth/link", json, `{"else": ${session}}`),
    post("/auth/link", json, JSON.stringify({ token: secret })),
    post("/auth/logout", { ...json, origin: "https://elsewhere.example" }, "{}"),
    post("/auth/github/reconnect", form, `confirmation=${session}`),
    post(`/api/v1/repos/${secret}/${secret}/install`, json, "{}"),
    get(`/api/v1/reviews?cursor=${session}`),
    get(`/api/${secret}/%ff`),
    get("/auth/me", { cookie: `${cookie}x` }),
    get("/auth/me", { authorization: `Bearer ${session}` }),
  ]);
  expect(statuses.map(({ status }) => status)).toEqual([400, 400, 401, 403, 403, 404, 400, 404, 401, 200]);
}

/** The cookie of the session that was begun first. */
function firstSession({ auth }: WatchedSystem): string {
  const [cookie] = /nectr_session=[\w.-]+/.exec(auth.sent()) ?? [];
  if (cookie === undefined) throw new Error("nobody has signed in");
  return cookie;
}

/** octocat reconnects; GitHub fails first, and repeats the app's credentials. */
async function grantIsGivenBack({ system, signIn, configured }: Team): Promise<void> {
  const { authUrl, simulator } = system.nectr;
  const secret = configured.GITHUB_CLIENT_SECRET;
  const basic = Buffer.from(`${simulator.clientId}:${secret}`).toString("base64");
  const reconnect = () =>
    visit(`${authUrl}/auth/github/reconnect`, {
      headers: { cookie: firstSession(system), referer: `${authUrl}/` },
    });
  for (const status of [500, 403, 401]) {
    trouble(simulator, { method: "DELETE", path: /^\/applications\//, status, echo: [secret, basic] });
    expect((await reconnect()).location).toContain("error=github_unavailable");
  }
  expect((await reconnect()).location).toContain(`${simulator.url}/login/oauth/authorize`);
  await signIn();
}

/** GitHub takes the token no more, and repeats it; after a new sign-in the review goes on. */
async function tokenIsRefused({ system, signIn, remember, push }: Team): Promise<void> {
  const { db, simulator } = system.nectr;
  const token = (await remember())["users.encrypted_token"];
  trouble(simulator, { method: "GET", path: /\/pulls\/5$/, status: 401, echo: [token] });
  const head = await push("waiting", sound("waiting"));
  await untilEvent(db, head, { status: "pending", reason: expect.stringContaining("Sign in again") });
  const octocat = await signIn();
  await untilReviewed(db, head);
  for (const path of ["/auth/me", "/api/v1/repos", "/api/v1/events", "/api/v1/reviews"]) {
    expect((await octocat.request("GET", path)).status).toBe(200);
  }
  expect((await octocat.request("POST", "/auth/logout", {})).status).toBe(204);
}
