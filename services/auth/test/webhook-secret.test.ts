import { createFernet, generateFernetKey, openFor, sealFor, verifyWebhookSignature } from "@nectr/crypto";
import { startHttpServer } from "@nectr/service";
import { sql } from "kysely";
import type { IncomingMessage, RequestListener } from "node:http";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { z } from "zod";
import { rotateSecret } from "../src/rotate-secret.ts";
import { type AuthService, startAuthService } from "./auth-service.ts";
import type { Browser } from "./browser.ts";

let service: AuthService;
let octocat: Browser;
const resources = new AsyncDisposableStack();

/** Whether each delivery's signature held, by the secret that was stored when it came. */
const verdicts: boolean[] = [];
const deliverySchema = z.object({ repository: z.object({ id: z.number() }) });

const receive: RequestListener = (request, response) => {
  void judge(request).finally(() => response.end());
};

async function judge(request: IncomingMessage): Promise<void> {
  const body = await text(request);
  const { id } = deliverySchema.parse(JSON.parse(body)).repository;
  const row = await service.db.selectFrom("repositories").selectAll().where("id", "=", id).executeTakeFirst();
  const sealed = [row?.encrypted_webhook_secret, row?.encrypted_previous_secret];
  const secrets = sealed.flatMap((secret) =>
    secret == null ? [] : [openFor(service.context.fernet, `repository:${id}`, secret)],
  );
  const signature = z.string().parse(request.headers["x-hub-signature-256"]);
  verdicts.push(verifyWebhookSignature(secrets, Buffer.from(body), signature));
}

/** The verdicts on all deliveries since the last call. */
async function newVerdicts(): Promise<boolean[]> {
  await service.github.deliveriesSettled();
  return verdicts.splice(0);
}

/** Connects octocat to a repository of this name, and takes note of none of the deliveries that come of it. */
async function connectNew(name: string): Promise<void> {
  await service.github.createRepository({ owner: "octocat", name });
  expect((await install(name)).status).toBe(200);
  await newVerdicts();
}

function install(name: string) {
  return octocat.call("POST", `/api/v1/repos/octocat/${name}/install`);
}

function rotate(name: string) {
  return octocat.call("POST", `/api/v1/repos/octocat/${name}/rotate-secret`);
}

/** Asks GitHub for a delivery. */
function ping(name: string): Promise<void> {
  return atWebhook("POST", name, "/pings");
}

/** Does something to the webhook at GitHub, as its admin. */
async function atWebhook(method: string, name: string, path = ""): Promise<void> {
  const { hook_id } = await stored(name);
  const authorization = `Bearer ${service.github.createToken("octocat")}`;
  const url = `${service.github.url}/repos/octocat/${name}/hooks/${hook_id}${path}`;
  const answer = await fetch(url, { method, headers: { authorization } });
  expect(answer.status).toBe(204);
}

function stored(name: string) {
  return service.db
    .selectFrom("repositories")
    .selectAll()
    .where("full_name", "=", `octocat/${name}`)
    .executeTakeFirstOrThrow();
}

beforeAll(async () => {
  const receiver = resources.use(await startHttpServer({ host: "127.0.0.1", port: 0, app: receive }));
  const variables = { WEBHOOK_URL: `http://127.0.0.1:${receiver.port}` };
  service = resources.use(await startAuthService(inject("postgresUrl"), { variables }));
  await service.github.createUser({ login: "octocat" });
  octocat = await service.signedIn("octocat");
});
afterAll(() => resources.disposeAsync());

test("the first delivery can be verified, as early as it comes", async () => {
  await service.github.createRepository({ owner: "octocat", name: "shop" });
  // The answer that tells us the webhook's id comes last of all.
  const { faults } = service.github;
  faults.add({ method: "POST", path: /\/hooks$/, times: 1, effect: { kind: "reset", when: "after" } });
  expect((await install("shop")).status).toBe(200);
  expect(await newVerdicts()).toEqual([true]);
});

test("connecting many times at once leaves one secret, here and at GitHub", async () => {
  await service.github.createRepository({ owner: "octocat", name: "busy" });
  const { faults } = service.github;
  // Whoever asks first comes last: had they a secret of their own, it would end at GitHub and another's here.
  faults.add({ method: "GET", path: /\/hooks$/, times: 1, effect: { kind: "latency", ms: 300 } });
  const answers = await Promise.all([1, 2, 3, 4].map(() => install("busy")));
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
  await newVerdicts();

  await ping("busy");
  expect(await newVerdicts()).toEqual([true]);
});

test("while a secret is rotated, no delivery is refused, and the old one ends after an hour", async () => {
  await connectNew("rotated");
  const { encrypted_webhook_secret: old } = await stored("rotated");

  const { faults } = service.github;
  faults.add({ method: "PATCH", path: /\/hooks/, times: 1, effect: { kind: "latency", ms: 100 } });
  const rotation = rotate("rotated");
  for (let n = 0; n < 10; n += 1) await ping("rotated");
  const answer = await rotation;
  for (let n = 0; n < 5; n += 1) await ping("rotated");
  expect(await newVerdicts()).toEqual(Array.from({ length: 15 }, () => true));

  const row = await stored("rotated");
  expect(row.encrypted_previous_secret).toBe(old);
  expect(row.encrypted_webhook_secret).not.toBe(old);
  const { previous_accepted_until } = z
    .object({ previous_accepted_until: z.coerce.date() })
    .parse(answer.body);
  expect(row.previous_secret_expires_at).toEqual(previous_accepted_until);
  expect((previous_accepted_until.getTime() - Date.now()) / 60_000).toBeCloseTo(60, 0);
});

test("a secret just rotated is not rotated again, until the old one has ended", async () => {
  const again = await rotate("rotated");
  expect(again).toMatchObject({ status: 409, body: { code: "secret_just_rotated" } });
  expect(Number(again.headers.get("retry-after"))).toBeGreaterThan(3000);
  service.pass(61);
  const { encrypted_webhook_secret: second } = await stored("rotated");
  expect((await rotate("rotated")).status).toBe(200);
  expect((await stored("rotated")).encrypted_previous_secret).toBe(second);
});

test("a rotation that GitHub refuses changes nothing", async () => {
  await connectNew("refused");
  const before = await stored("refused");
  const effect = { kind: "status", status: 403, when: "before" } as const;
  service.github.faults.add({ method: "PATCH", path: /\/hooks/, times: 1, effect });
  expect(await rotate("refused")).toMatchObject({ status: 403, body: { code: "admin_needed" } });
  expect(await stored("refused")).toEqual({ ...before, updated_at: expect.any(Date) });
});

test("a rotation where GitHub cannot reach WEBHOOK_URL changes nothing", async () => {
  await connectNew("unreachable");
  const before = await stored("unreachable");
  const user = await service.db.selectFrom("users").selectAll().executeTakeFirstOrThrow();
  const config = {
    ...service.config,
    github: { ...service.config.github, apiUrl: "https://api.github.com" },
  };
  const rotation = rotateSecret({ ...service.context, config }, user, {
    owner: "octocat",
    name: "unreachable",
  });
  await expect(rotation).rejects.toMatchObject({ code: "webhook_url_unreachable" });
  expect(await stored("unreachable")).toEqual({ ...before, updated_at: expect.any(Date) });
});

test.each(["before", "after"] as const)(
  "a rotation cut off %s GitHub did it leaves both secrets good, and is finished by the next attempt",
  async (when) => {
    const name = `cut-${when}`;
    await connectNew(name);
    const effect = { kind: "status", status: 502, when } as const;
    service.github.faults.add({ method: "PATCH", path: /\/hooks/, times: 1, effect });
    expect((await rotate(name)).status).toBe(502);
    const cut = await stored(name);
    expect(cut).toMatchObject({
      encrypted_previous_secret: expect.any(String),
      previous_secret_expires_at: null,
    });
    await ping(name);

    expect((await rotate(name)).status).toBe(200);
    await ping(name);
    expect(await newVerdicts()).toEqual([true, true]);
    expect(await stored(name)).toMatchObject({
      encrypted_webhook_secret: cut.encrypted_webhook_secret,
      encrypted_previous_secret: cut.encrypted_previous_secret,
      previous_secret_expires_at: expect.any(Date),
    });
  },
);

test("only an admin who is connected rotates", async () => {
  await service.github.createUser({ login: "member" });
  await service.github.createRepository({
    owner: "octocat",
    name: "team",
    members: { member: "write" },
  });
  expect((await rotate("team")).body).toMatchObject({ code: "not_connected" });
  await install("team");
  const member = await service.signedIn("member");
  const path = "/api/v1/repos/octocat/team";
  expect((await member.call("POST", `${path}/rotate-secret`)).body).toMatchObject({ code: "not_connected" });
  await member.call("POST", `${path}/install`);
  expect((await member.call("POST", `${path}/rotate-secret`)).body).toMatchObject({ code: "admin_needed" });
});

test("a connection cut off after GitHub made the webhook leaves its secret good, and is finished by the next attempt", async () => {
  const name = "half-made";
  await service.github.createRepository({ owner: "octocat", name });
  await newVerdicts();
  const { faults } = service.github;
  const unavailable = (when: "before" | "after") => ({ kind: "status", status: 502, when }) as const;
  let repair = () => {};
  faults.add({
    method: "POST",
    path: /\/hooks$/,
    times: 1,
    effect: unavailable("after"),
    // The look for what became of it fails, too.
    onMeet: () =>
      void (repair = faults.add({ method: "GET", path: /\/hooks$/, effect: unavailable("before") })),
  });
  expect((await install(name)).status).toBe(502);
  repair();
  expect(await newVerdicts()).toEqual([true]);
  const { encrypted_webhook_secret } = await stored(name);
  expect((await install(name)).status).toBe(200);
  await ping(name);
  expect(await newVerdicts()).toEqual([true]);
  expect(encrypted_webhook_secret).not.toBeNull();
});

test("a rotation that cannot be noted leaves both secrets good", async () => {
  const name = "unnoted";
  await connectNew(name);
  await sql`create function refuse() returns trigger language plpgsql as 'begin raise exception ''full''; end'`.execute(
    service.db,
  );
  await sql`create trigger refuse before update on repositories for each row
    when (new.previous_secret_expires_at is not null) execute function refuse()`.execute(service.db);
  expect((await rotate(name)).status).toBe(500);
  await sql`drop trigger refuse on repositories`.execute(service.db);
  await ping(name);
  expect(await newVerdicts()).toEqual([true]);
  expect((await rotate(name)).status).toBe(200);
});

test("a rotation in doubt stays in doubt where the look for its webhook meets a limit", async () => {
  const name = "gone";
  await connectNew(name);
  await atWebhook("DELETE", name);
  const { faults } = service.github;
  faults.add({
    method: "POST",
    path: /\/hooks$/,
    times: 1,
    effect: { kind: "status", status: 502, when: "after" },
    onMeet: () =>
      void faults.add({ method: "GET", times: 1, effect: { kind: "secondary-limit", retryAfter: 60 } }),
  });
  expect((await rotate(name)).status).toBe(502);
  expect(await newVerdicts()).toEqual([true]);
  // The minute is over.
  await service.db.deleteFrom("request_limits").execute();
});

test("where the key of a secret is gone, connecting again makes a new one, and forgets the one before", async () => {
  const name = "keyless";
  await connectNew(name);
  const lost = sealFor(createFernet([generateFernetKey()]), "repository:1", "secret");
  await service.db
    .updateTable("repositories")
    .set({ encrypted_webhook_secret: lost, encrypted_previous_secret: lost })
    .where("full_name", "=", `octocat/${name}`)
    .execute();
  expect((await install(name)).status).toBe(200);
  expect(await stored(name)).toMatchObject({ encrypted_previous_secret: null });
  await newVerdicts();
  await ping(name);
  expect(await newVerdicts()).toEqual([true]);
});
