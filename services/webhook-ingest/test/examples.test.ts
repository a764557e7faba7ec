import { createRequire } from "node:module";
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
      decisions.set(key, (decisions.get(key) ?? new Set()).add(answer.body["status"]));
      sent += 1;
    }
  }
  expect(sent).toBe(329);
  const notIgnored = [...decisions].filter(([, statuses]) => !statuses.has("ignored")).map(([key]) => key);
  expect(notIgnored.toSorted()).toEqual(queued.map((action) => `pull_request.${action}`));
});
