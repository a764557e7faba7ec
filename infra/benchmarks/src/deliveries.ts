import { createHmac, randomBytes, randomUUID } from "node:crypto";
import { createRequire } from "node:module";

/** What a stream of deliveries is signed with and comes from. */
export interface Sender {
  readonly secret: string;
  readonly hookId: number;
  readonly repositoryId: number;
}

interface Example {
  readonly name: string;
  readonly examples: Payload[];
}

interface Payload {
  action: string;
  number: number;
  repository: { id: number };
  pull_request: { number: number; head: { sha: string } };
}

// As many characters as what takes their place.
const headMark = "0123456789abcdef0123456789abcdef01234567";
const numberMark = 1_234_567;

/**
 * Makes deliveries of GitHub's own example of a pull request that was pushed to, each with a GUID, a number and a head of
 * its own, so that none is a duplicate.
 * @returns a function that writes the next one as HTTP.
 */
export function createDeliveries({ secret, hookId, repositoryId }: Sender): () => Buffer {
  const body = Buffer.from(JSON.stringify(examplePayload(repositoryId)));
  const heads = placesOf(body, headMark);
  const numbers = placesOf(body, String(numberMark));
  let count = 0;
  return () => {
    count += 1;
    const head = randomBytes(20).toString("hex");
    for (const place of heads) body.write(head, place, "latin1");
    for (const place of numbers) body.write(String(1_000_000 + (count % 8_000_000)), place, "latin1");
    const signature = createHmac("sha256", secret).update(body).digest("hex");
    const headers = [
      "POST /api/v1/webhooks/github HTTP/1.1",
      "host: 127.0.0.1",
      "user-agent: GitHub-Hookshot/benchmark",
      "content-type: application/json",
      "x-github-event: pull_request",
      `x-github-delivery: ${randomUUID()}`,
      `x-github-hook-id: ${hookId}`,
      `x-hub-signature-256: sha256=${signature}`,
      `content-length: ${body.length}`,
    ];
    return Buffer.concat([Buffer.from(`${headers.join("\r\n")}\r\n\r\n`), body]);
  };
}

function examplePayload(repositoryId: number): Payload {
  const require = createRequire(import.meta.url);
  const examples: Example[] = require("@octokit/webhooks-examples");
  const payload = examples
    .find(({ name }) => name === "pull_request")
    ?.examples.find(({ action }) => action === "synchronize");
  if (payload === undefined) throw new Error("There is no such example");
  payload.number = numberMark;
  payload.pull_request.number = numberMark;
  payload.pull_request.head.sha = headMark;
  payload.repository.id = repositoryId;
  return payload;
}

function placesOf(body: Buffer, mark: string): number[] {
  const places: number[] = [];
  for (let at = body.indexOf(mark); at !== -1; at = body.indexOf(mark, at + 1)) places.push(at);
  return places;
}
