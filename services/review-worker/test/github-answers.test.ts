import type { FaultEffect } from "@nectr/github-simulator";
import type { ReviewModel } from "@nectr/model";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { failEvent } from "../src/jobs/fail-event.ts";
import { answering } from "./answering-model.ts";
import { clean, injection } from "./changes.ts";
import { startWorker, type WorkerUnderTest } from "./worker-under-test.ts";

// What GitHub may answer, and what becomes of the review of one finding, and of its event.

let worker: WorkerUnderTest;
beforeAll(async () => {
  worker = await startWorker();
});
afterEach(() => worker.simulator.faults.clear());
afterAll(async () => {
  expect(worker.simulator.violations()).toEqual([]);
  await worker[Symbol.asyncDispose]();
});

const places = {
  "the posting of the review": { method: "POST", path: /\/reviews$/ },
  "the posting of the summary": { method: "POST", path: /\/comments$/ },
  "the reading of the pull request": { method: "GET", path: /\/pulls\/\d+$/ },
  "the reading of its files": { method: "GET", path: /\/files$/ },
} as const;
type Place = (typeof places)[keyof typeof places];

interface Trouble {
  readonly effect: FaultEffect;
  /** How often in a row; left out, until all else has been seen. */
  readonly times?: number;
}

/** GitHub refuses, and does nothing. */
function refuses(status: number, ...errors: readonly (string | object)[]): Trouble {
  return { effect: { kind: "status", status, when: "before", body: { message: "Not so", errors } } };
}
function badGateway(when: "before" | "after", times?: number): Trouble {
  return { effect: { kind: "status", status: 502, when }, ...(times !== undefined && { times }) };
}
function reset(when: "before" | "after", times?: number): Trouble {
  return { effect: { kind: "reset", when }, ...(times !== undefined && { times }) };
}
const otherShape: Trouble = {
  effect: { kind: "status", status: 200, when: "after", body: { surprise: true } },
};
const primaryLimit: Trouble = { effect: { kind: "primary-limit", resetInSeconds: 90 } };
function secondaryLimit(retryAfter?: number): Trouble {
  return { effect: { kind: "secondary-limit", retryAfter } };
}

/** An end of the event, and what is to be seen of it. `sent`: how many requests of the kind one run may send. */
const ends = {
  "it is there once, by one request": { sent: 1 },
  "it is there once, by two requests": { sent: 2 },
  "it is read after all": { sent: 4 },
  "the comment moves to the summary": { sent: 2, inline: [0] },
  "the summary says it all": { sent: 2, inline: [] },
  "the event waits until the limit is over": { sent: 1, waits: /limit on requests was reached/ },
  "the event waits until GitHub answers": { sent: 4, waits: /GitHub does not answer/ },
  "the event waits, after two requests": { sent: 2, waits: /GitHub does not answer/ },
  "the event waits for a sign-in": { sent: 1, waits: /Sign in again/ },
  "the event fails, as GitHub refuses access": { sent: 1, fails: /conversation may be locked/ },
  "the event fails, as nobody is shown the pull request": { sent: 1, fails: /to nobody who connected/ },
  "the event fails, as something unexpected happened": { sent: 1, fails: /An unexpected error/ },
} as const;
interface End {
  readonly sent: number;
  /** How many comments each review has. */
  readonly inline?: readonly number[];
  readonly waits?: RegExp;
  readonly fails?: RegExp;
}

type Row = readonly [says: string, end: keyof typeof ends, trouble: Trouble];

/** The same wherever it is said. */
const refusals: readonly Row[] = [
  ["401", "the event waits for a sign-in", refuses(401)],
  ["403, as the conversation is locked", "the event fails, as GitHub refuses access", refuses(403)],
  ["404", "the event fails, as nobody is shown the pull request", refuses(404)],
  ["406", "the event fails, as something unexpected happened", refuses(406)],
  ["410", "the event fails, as nobody is shown the pull request", refuses(410)],
  ["451", "the event fails, as nobody is shown the pull request", refuses(451)],
];
const limits: readonly Row[] = [
  ["403, the primary limit", "the event waits until the limit is over", primaryLimit],
  ["403, a secondary limit", "the event waits until the limit is over", secondaryLimit()],
  ["403, a secondary limit for 20 s", "the event waits until the limit is over", secondaryLimit(20)],
  ["429", "the event waits until the limit is over", refuses(429)],
];
const tooQuickly: readonly Row[] = [
  [
    "422 was submitted too quickly",
    "the event waits until the limit is over",
    refuses(422, { message: "was submitted too quickly" }),
  ],
  ["422 by the code abuse", "the event waits until the limit is over", refuses(422, { code: "abuse" })],
];
const doubtful: readonly Row[] = [
  ["502, and does it", "it is there once, by one request", badGateway("after", 1)],
  ["502, and does not do it", "it is there once, by two requests", badGateway("before", 1)],
  ["502 twice", "the event waits, after two requests", badGateway("before", 2)],
  ["nothing but a reset, and does it", "it is there once, by one request", reset("after", 1)],
  ["nothing but a reset, and does not do it", "it is there once, by two requests", reset("before", 1)],
  ["200 in another shape, and does it", "it is there once, by one request", { ...otherShape, times: 1 }],
];

describe("GitHub answers the posting of the review:", () => {
  const place = places["the posting of the review"];
  const ofComments = [
    "Pull request review thread line must be part of the diff",
    "Pull request review thread start line must be part of the same hunk as the line",
    "Pull request review thread diff hunk can't be blank",
    "Pull request review thread start line must precede the end line",
    "Review comments is invalid and Review threads is invalid",
    "Line could not be resolved",
  ].map((text): Row => [
    `422 ${text}`,
    "the comment moves to the summary",
    { ...refuses(422, text), times: 1 },
  ]);
  const pending = "User can only have one pending review per pull request";

  test.each<Row>([
    ...ofComments,
    [`422 ${pending}`, "the summary says it all", refuses(422, pending)],
    ...tooQuickly,
    ["422 for a reason of its own", "the event fails, as something unexpected happened", refuses(422, "No")],
    ...refusals,
    ...limits,
    ...doubtful,
  ])("%s: %s", async (_says, end, trouble) => await tell(place, ends[end], trouble));

  test.each<[says: string, text: string, model: ReviewModel | undefined]>([
    ["Can not request changes on your own pull request", injection, undefined],
    ["Can not approve your own pull request", clean, answering()],
  ])("422 %s: it is posted as a comment", async (says, text, model) => {
    await worker.push("main", { ".nectr.yml": "verdict: { mode: binding }\n" });
    const { number, eventId } = await opened(text);
    const before = sentTo(place);
    worker.simulator.faults.add({ ...place, times: 1, ...refuses(422, says) });
    expect(await worker.run(eventId, { model })).toEqual({ kind: "done" });
    expect(reviews(number)).toMatchObject([{ state: "COMMENTED" }]);
    expect(comments(number)).toHaveLength(1);
    expect(sentTo(place) - before).toBe(2);
    await worker.push("main", { ".nectr.yml": "verdict: { mode: advisory }\n" });
  });
});

describe("GitHub answers the posting of the summary, the review being posted:", () => {
  test.each<Row>([...tooQuickly, ...refusals, ...limits, ...doubtful])(
    "%s: %s",
    async (_says, end, trouble) => await tell(places["the posting of the summary"], ends[end], trouble),
  );
});

describe.each([
  ["the pull request", places["the reading of the pull request"]],
  ["its files", places["the reading of its files"]],
])("GitHub answers the reading of %s:", (_name, place) => {
  test.each<Row>([
    ...refusals,
    ...limits,
    ["502 once", "it is read after all", badGateway("before", 1)],
    ["a reset once", "it is read after all", reset("before", 1)],
    ["502 again and again", "the event waits until GitHub answers", badGateway("before")],
    ["a reset again and again", "the event waits until GitHub answers", reset("before")],
    ["200 in another shape", "the event fails, as something unexpected happened", otherShape],
  ])("%s: %s", async (_says, end, trouble) => await tell(place, ends[end], trouble));
});

/** What happens while GitHub answers so, and that all is well once it no longer does. */
async function tell(place: Place, end: End, trouble: Trouble): Promise<void> {
  const { number, eventId } = await opened(injection);
  const lift = worker.simulator.faults.add({ ...place, ...trouble });
  await work(eventId, place, end.sent);
  const { status, reason, error } = await worker.event(eventId);
  if (end.waits !== undefined)
    expect({ status, reason }).toEqual({ status: "pending", reason: matching(end.waits) });
  else if (end.fails !== undefined)
    expect({ status, error }).toEqual({ status: "failed", error: matching(end.fails) });
  else return await expectReview(number, eventId, end);

  lift();
  await mend(eventId);
  await work(eventId, place, 4);
  await expectReview(number, eventId, end);
}

const matching = (text: RegExp): unknown => expect.stringMatching(text);

async function opened(text: string): Promise<{ number: number; eventId: string }> {
  const branch = `change-${(changes += 1)}`;
  const head = await worker.push(branch, { "src/change.js": text });
  const number = await worker.open(branch);
  return { number, eventId: await worker.receive(number, head, "opened") };
}
let changes = 0;

/** Runs the event's job as the queue does: five attempts, or until the event waits or is at its end. */
async function work(eventId: string, place: Place, most: number): Promise<void> {
  for (let attempt = 1; attempt <= 5; attempt += 1) {
    const before = sentTo(place);
    try {
      const outcome = await worker.run(eventId);
      // A refused token is put aside: whoever has the next one goes on at once.
      if (outcome.kind === "done" || outcome.delayMs > 0) return;
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      await failEvent(worker.deps, { eventId }, error, attempt === 5);
    } finally {
      expect(sentTo(place) - before).toBeLessThanOrEqual(most);
    }
    await endClaims();
  }
}

/** As if the limit were over, the user had signed in, and somebody had the failed event replayed. */
async function mend(eventId: string): Promise<void> {
  await endClaims();
  const { db } = worker;
  await db.deleteFrom("request_limits").execute();
  await db.updateTable("users").set({ token_state: "active" }).execute();
  const failed = db
    .updateTable("webhook_events")
    .where("event_id", "=", eventId)
    .where("status", "=", "failed");
  await failed.set({ status: "pending", error: null }).execute();
}

const endClaims = () =>
  worker.db
    .updateTable("pull_requests")
    .set({ claim_expires_at: new Date(0) })
    .execute();

async function expectReview(number: number, eventId: string, { inline = [1] }: End): Promise<void> {
  expect(await worker.event(eventId)).toMatchObject({ status: "completed", reason: null, error: null });
  const posted = reviews(number).map((review) => review.comments.length);
  expect(posted).toEqual(inline);
  expect(comments(number)).toHaveLength(1);
  expect(comments(number)[0]?.body).toContain("`src/change.js:2`");
  const ledger = await worker.db.selectFrom("findings").select("id").where("number", "=", number).execute();
  expect(ledger).toHaveLength(1);
}

const reviews = (number: number) => worker.simulator.reviews(worker.repository.fullName, number);
const comments = (number: number) => worker.simulator.comments(worker.repository.fullName, number);
const sentTo = ({ method, path }: Place) =>
  worker.simulator.requests().filter((request) => request.method === method && path.test(request.path))
    .length;
