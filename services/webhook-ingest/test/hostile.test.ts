import { randomUUID } from "node:crypto";
import { signWebhook } from "@nectr/crypto";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type IngestUnderTest, pullRequestPayload, startIngest } from "./ingest-under-test.ts";
import { head, openRaw, type RawClient } from "./raw-client.ts";

// What senders do by ill will or by accident, over sockets, against the real server.

const megabyte = 1024 * 1024;
let clients: RawClient[];
let ingest: IngestUnderTest;
beforeEach(() => {
  clients = [];
});
afterEach(async () => {
  for (const { socket } of clients) socket.destroy();
  // Whatever was done to it, it goes on.
  expect((await real()).status).toBe(200);
  await ingest[Symbol.asyncDispose]();
});

const start = async (options: Parameters<typeof startIngest>[0] = {}) =>
  (ingest = await startIngest(options));

let count = 0;
const real = () => {
  count += 1;
  const body = pullRequestPayload({ number: count });
  return ingest.send({ body, guid: randomUUID(), secret: ingest.globalSecret });
};

async function open(bytes: string | Uint8Array): Promise<RawClient> {
  const client = await openRaw(ingest.port, bytes);
  clients.push(client);
  return client;
}

const openMany = (number: number, bytes: string | Uint8Array) =>
  Promise.all(Array.from({ length: number }, () => open(bytes)));

describe("connections", () => {
  test("500 that say nothing delay nobody", async () => {
    await start();
    await openMany(500, "");
    const answers = await Promise.all(Array.from({ length: 20 }, real));
    expect(answers.map(({ status }) => status)).toEqual(Array(20).fill(200));
  });

  test("500 that send a byte now and then delay nobody, and are cut off when their time is over", async () => {
    await start({ bodyLimits: { ms: 3_000 } });
    const slow = await openMany(500, head({ "content-length": "24000" }));
    const drip = setInterval(() => slow.forEach(({ socket }) => socket.write("x")), 200);
    const answers = await Promise.all(Array.from({ length: 20 }, real));
    expect(answers.map(({ status }) => status)).toEqual(Array(20).fill(200));
    const statuses = await Promise.all(slow.map((client) => client.status()));
    clearInterval(drip);
    expect(new Set(statuses)).toEqual(new Set([408]));
    await expect.poll(() => slow.every(({ socket }) => socket.destroyed)).toBe(true);
  });

  test("50 that break off in the middle of a body leave no room taken", async () => {
    await start({ bodyLimits: { together: 6 * megabyte, ms: 600_000 } });
    const broken = await openMany(50, `${head({ "content-length": "200000" })}${"x".repeat(100_000)}`);
    for (const { socket } of broken) socket.destroy();
    await expect.poll(() => roomFor(3)).toBe(true);
  });
});

describe("bodies that are too much", () => {
  test("one that is announced larger than GitHub's is refused before it comes", async () => {
    await start();
    const client = await open(head({ "content-length": String(30 * megabyte) }));
    expect(await client.status()).toBe(413);
  });

  test("one that is not announced is refused as soon as it is too large", async () => {
    await start();
    const client = await open(head({ "transfer-encoding": "chunked" }));
    const chunk = `${megabyte.toString(16)}\r\n${"x".repeat(megabyte)}\r\n`;
    for (let sent = 0; sent < 26; sent += 1) client.socket.write(chunk);
    expect(await client.status()).toBe(413);
  });

  test("those under way are bounded together: large ones are told to come again, and leave room for small ones", async () => {
    await start({ bodyLimits: { together: 8 * megabyte } });
    const large = `${head({ "content-length": String(4 * megabyte) })}${"x".repeat(3 * megabyte)}`;
    const four = await openMany(4, large);
    // Two have room, in whatever order the bytes come; they are not answered, as their rest is awaited.
    const refused: RawClient[] = [];
    for (const client of four) void client.status().then(() => refused.push(client));
    await expect.poll(() => refused.length).toBe(2);
    for (const client of refused) {
      expect(await client.status()).toBe(503);
      expect(client.text()).toMatch(/^retry-after: 30\r$/im);
    }
    expect((await real()).status).toBe(200);

    for (const { socket } of four) socket.destroy();
    await expect.poll(() => roomFor(2)).toBe(true);
  });

  test("a compressed one is refused unread", async () => {
    await start();
    const client = await open(head({ "content-length": "100", "content-encoding": "gzip" }));
    expect(await client.status()).toBe(415);
  });
});

describe("bodies of another length than announced", () => {
  const body = pullRequestPayload({ number: 900_000 });
  const signed = (length: number) =>
    head({
      "content-length": String(length),
      "x-hub-signature-256": signWebhook(ingest.globalSecret, Buffer.from(body)),
    });

  test("a shorter one waits for the rest, and not for ever", async () => {
    await start({ bodyLimits: { ms: 300 } });
    const client = await open(signed(body.length + 10) + body);
    expect(await client.status()).toBe(408);
  });

  test("a shorter one that ends is refused", async () => {
    await start();
    const client = await open(signed(body.length + 10) + body);
    client.socket.end();
    expect(await client.status()).toBe(400);
  });

  test("of a longer one the signature does not hold, and the rest is no request", async () => {
    await start();
    const client = await open(signed(body.length - 10) + body);
    // Whichever is found first; either way the connection is of no more use.
    expect([400, 401]).toContain(await client.status());
    await expect.poll(() => client.text()).toContain("HTTP/1.1 400");
    expect(await ingest.db.selectFrom("webhook_events").selectAll().execute()).toEqual([]);
  });

  test.each([
    ["two lengths", { "content-length": "10", "Content-Length": "20" }],
    ["a length and chunks", { "content-length": "10", "transfer-encoding": "chunked" }],
    ["a length that is no number", { "content-length": "-1" }],
  ])("%s are refused", async (_name, headers) => {
    await start();
    const client = await open(head(headers));
    expect(await client.status()).toBe(400);
  });
});

describe("payloads", () => {
  const send = (body: string, event = "pull_request") =>
    ingest.send({ body, event, guid: randomUUID(), secret: ingest.globalSecret });
  const within = (json: string, more: string) => json.replace(/\}$/, `,${more}}`);

  test.each([
    ["arrays in arrays", "[", "]"],
    ["objects in objects", '{"a":', "}"],
  ])("100,000 levels of %s are read like any other", async (_name, left, right) => {
    await start();
    const deep = `"deep":${left.repeat(100_000)}${left === "[" ? "" : "1"}${right.repeat(100_000)}`;
    const answer = await send(within(pullRequestPayload({ number: 900_001 }), deep));
    expect(answer.body).toMatchObject({ status: "queued" });
    expect((await send("[".repeat(100_000))).status).toBe(400);
  });

  test("keys that mean something to JavaScript mean nothing here", async () => {
    await start();
    const keys =
      '"__proto__":{"polluted":true,"action":"closed"},"constructor":{"prototype":{"polluted":true}},"toString":1';
    const answer = await send(within(pullRequestPayload({ number: 900_002 }), keys));
    expect(answer.body).toMatchObject({ status: "queued" });
    expect(Object.hasOwn(Object.prototype, "polluted")).toBe(false);
    expect((await send(`{"__proto__":${pullRequestPayload({})}}`)).status).toBe(400);
    const row = await ingest.db
      .selectFrom("webhook_events")
      .select(["action", "payload"])
      .where("number", "=", 900_002)
      .executeTakeFirstOrThrow();
    expect(row).toEqual({ action: "opened", payload: Buffer.from(pullRequestPayload({ number: 900_002 })) });
  });
});

/** Whether a body of so many megabytes is taken in: it is then refused for its signature, else for its size. */
async function roomFor(megabytes: number): Promise<boolean> {
  const body = Buffer.alloc(megabytes * megabyte, " ");
  const answer = await ingest.send({ body, secret: "another", guid: randomUUID() });
  expect([401, 503]).toContain(answer.status);
  return answer.status === 401;
}
