import { openFor, verifyWebhookSignature } from "@nectr/crypto";
import { startHttpServer } from "@nectr/service";
import type { IncomingMessage, RequestListener } from "node:http";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { z } from "zod";
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
  const row = await service.db
    .selectFrom("repositories")
    .select("encrypted_webhook_secret")
    .where("id", "=", id)
    .executeTakeFirst();
  const secret = row?.encrypted_webhook_secret;
  const secrets = secret ? [openFor(service.context.fernet, `repository:${id}`, secret)] : [];
  const signature = z.string().parse(request.headers["x-hub-signature-256"]);
  verdicts.push(verifyWebhookSignature(secrets, Buffer.from(body), signature));
}

beforeAll(async () => {
  const receiver = resources.use(
    await startHttpServer({
      host: "127.0.0.1",
      port: 0,
      app: receive,
    }),
  );
  const variables = { WEBHOOK_URL: `http://127.0.0.1:${receiver.port}` };
  service = resources.use(await startAuthService(inject("postgresUrl"), { variables }));
  await service.github.createUser({ login: "octocat" });
  octocat = service.browser();
  await octocat.signIn("octocat");
});
afterAll(() => resources.disposeAsync());

test("the first delivery can be verified, as early as it comes", async () => {
  await service.github.createRepository({ owner: "octocat", name: "shop" });
  // The answer that tells us the webhook's id comes last of all.
  const { faults } = service.github;
  faults.add({ method: "POST", path: /\/hooks$/, times: 1, effect: { kind: "reset", when: "after" } });
  expect((await octocat.call("POST", "/api/v1/repos/octocat/shop/install")).status).toBe(200);
  await service.github.deliveriesSettled();
  expect(verdicts.splice(0)).toEqual([true]);
});

test("connecting many times at once leaves one secret, here and at GitHub", async () => {
  await service.github.createRepository({ owner: "octocat", name: "busy" });
  const { faults, url } = service.github;
  // Whoever asks first comes last: had they a secret of their own, it would end at GitHub and another's here.
  faults.add({ method: "GET", path: /\/hooks$/, times: 1, effect: { kind: "latency", ms: 300 } });
  const install = () => octocat.call("POST", "/api/v1/repos/octocat/busy/install");
  const answers = await Promise.all([install(), install(), install(), install()]);
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
  await service.github.deliveriesSettled();
  verdicts.length = 0;

  const row = await service.db
    .selectFrom("repositories")
    .select("hook_id")
    .where("full_name", "=", "octocat/busy")
    .executeTakeFirstOrThrow();
  const authorization = `Bearer ${service.github.createToken("octocat")}`;
  await fetch(`${url}/repos/octocat/busy/hooks/${row.hook_id}/pings`, {
    method: "POST",
    headers: { authorization },
  });
  await service.github.deliveriesSettled();
  expect(verdicts.splice(0)).toEqual([true]);
});
