import { createRequire } from "node:module";
import { parseWebhookEvent } from "@nectr/github";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type IngestUnderTest, startIngest } from "./ingest-under-test.ts";

/** GitHub's own example payloads, by the event that they are of. */
const require = createRequire(import.meta.url);
const examples: { name: string; examples: { action?: string }[] }[] = require("@octokit/webhooks-examples");

/** What is queued. Every other event, and every other action of pull_request, is ignored. */
const queued = ["closed", "opened", "ready_for_review", "reopened", "synchronize"];

let ingest: IngestUnderTest;
beforeAll(async () => {
  ingest = await startIngest();
});
afterAll(() => ingest[Symbol.asyncDispose]());

test("every example payload of GitHub is answered with 2xx and the right decision", async () => {
  const decisions = new Map<string, Set<unknown>>();
  const originals = new Map<string, unknown>();
  let sent = 0;
  for (const { name, examples: payloads } of examples) {
    for (const payload of payloads) {
      const body = JSON.stringify(payload);
      const answer = await ingest.send({
        event: name,
        body,
        secret: ingest.globalSecret,
        guid: `example-${sent}`,
      });
      expect(answer.status, `${name}.${payload.action}: ${JSON.stringify(answer.body)}`).toBe(200);
      const key = `${name}.${payload.action ?? "-"}`;
      originals.set(`example-${sent}`, payload);
      decisions.set(key, (decisions.get(key) ?? new Set()).add(answer.body["status"]));
      sent += 1;
    }
  }
  expect(sent).toBe(329);
  const notIgnored = [...decisions].filter(([, statuses]) => !statuses.has("ignored")).map(([key]) => key);
  expect(notIgnored.toSorted()).toEqual(queued.map((action) => `pull_request.${action}`));

  // Of each payload what is stored says the same as the whole.
  const rows = await ingest.db
    .selectFrom("webhook_events")
    .selectAll()
    .where("status", "=", "pending")
    .execute();
  expect(rows.length).toBeGreaterThan(5);
  for (const { delivery_guid: guid, event, payload } of rows) {
    const stored: unknown = JSON.parse(payload?.toString() ?? "null");
    expect(parseWebhookEvent(event, stored)).toEqual(parseWebhookEvent(event, originals.get(guid)));
  }
});
