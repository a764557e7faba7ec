import { assert, constantFrom, array, property } from "fast-check";
import { describe, expect, test } from "vitest";
import {
  decideGone,
  decidePoll,
  type KnownPull,
  type ListedPull,
  type Look,
  type PolledEvent,
  welcomeReviews,
} from "./decide-poll.ts";

const connectedAt = new Date("2026-03-01T12:00:00Z");
const before = new Date("2026-02-01T12:00:00Z");
const after = new Date("2026-03-02T12:00:00Z");
const askedAt = new Date("2026-03-03T12:00:00Z");

const pull: ListedPull = { number: 7, headSha: "aaa", baseRef: "main", draft: false, updatedAt: after };

type Newest = NonNullable<KnownPull["newest"]>;
const event: Newest = {
  eventId: "e1",
  action: "opened",
  headSha: "aaa",
  status: "completed",
  receivedAt: after,
};
const row = { state: "open", headSha: "aaa", baseRef: "main" } as const;

const look = (over: Partial<Look>) =>
  decidePoll({ listed: [pull], known: [], askedAt, connectedAt, first: false, ...over });
const knowing = (known: Partial<KnownPull>, listed: Partial<ListedPull> = {}) =>
  look({
    listed: [{ ...pull, ...listed }],
    known: [{ number: 7, newest: undefined, row: undefined, ...known }],
  }).events.map(({ action }) => action);

describe("an open pull request", () => {
  test("that nobody knows is opened", () => {
    expect(look({}).events).toEqual([{ number: 7, action: "opened", headSha: "aaa", after: undefined }]);
  });

  test.each<[string, Partial<KnownPull>, Partial<ListedPull>, string[]]>([
    ["whose head is known needs nothing", { newest: event, row }, {}, []],
    ["with another head was pushed to", { newest: event, row }, { headSha: "bbb" }, ["synchronize"]],
    [
      "whose former head came back was pushed to",
      { newest: { ...event, headSha: "bbb" }, row: { ...row, headSha: "bbb" } },
      {},
      ["synchronize"],
    ],
    [
      "whose event is under way needs nothing, whatever was reviewed before",
      { newest: { ...event, status: "pending" }, row: { ...row, headSha: "bbb" } },
      {},
      [],
    ],
    [
      "whose head came back after the job for it had found, and reviewed, another one",
      { newest: event, row: { ...row, headSha: "bbb" } },
      {},
      ["synchronize"],
    ],
    ["as a draft waits", {}, { draft: true }, []],
    ["as a draft with another head waits", { newest: event, row }, { draft: true, headSha: "bbb" }, []],
    [
      "that was a draft when its turn came is ready now",
      { newest: { ...event, status: "superseded" } },
      {},
      ["ready_for_review"],
    ],
    ["with another base is edited", { newest: event, row }, { baseRef: "stage" }, ["edited"]],
    [
      "with another base waits for the event under way",
      { newest: { ...event, status: "processing" }, row },
      { baseRef: "stage" },
      [],
    ],
    [
      "whose event failed is not tried again each minute",
      { newest: { ...event, status: "failed" }, row },
      { baseRef: "stage" },
      [],
    ],
    ["that was closed is reopened", { newest: { ...event, action: "closed" }, row }, {}, ["reopened"]],
    ["whose events have expired is still known", { row }, {}, []],
    ["whose events have expired, and was pushed to", { row }, { headSha: "bbb" }, ["synchronize"]],
    ["whose events have expired, and was closed", { row: { ...row, state: "merged" } }, {}, ["reopened"]],
    [
      "of which an event came after GitHub was asked waits for the next look",
      { newest: { ...event, receivedAt: askedAt }, row },
      { headSha: "bbb" },
      [],
    ],
  ])("%s", (_name, known, listed, actions) => {
    expect(knowing(known, listed)).toEqual(actions);
  });
});

describe("the first look at a repository", () => {
  const old = Array.from({ length: 300 }, (_, index) => ({
    ...pull,
    number: index + 1,
    updatedAt: new Date(before.getTime() + index * 60_000),
  }));
  const numbers = (over: Partial<Look>) =>
    look({ listed: old, ...over })
      .events.map(({ number }) => number)
      .toSorted((a, b) => a - b);

  test("takes the last touched of the old pull requests, and leaves drafts aside", () => {
    const listed = old.map((each) => ({ ...each, draft: each.number === 300 }));
    const last = Array.from({ length: welcomeReviews }, (_, index) => 290 + index);
    expect(numbers({ first: true, listed })).toEqual(last);
  });

  test("takes all that were touched since it was connected", () => {
    expect(numbers({ first: true, connectedAt: before })).toHaveLength(300);
  });

  test("is followed by others that take none of the old, until one is touched", () => {
    const touched = old.map((each) => (each.number === 4 ? { ...each, updatedAt: after } : each));
    expect(numbers({})).toEqual([]);
    expect(numbers({ listed: touched })).toEqual([4]);
  });
});

describe("a pull request that is gone from the list", () => {
  const gone = (known: Partial<KnownPull>) =>
    look({ listed: [], known: [{ number: 7, newest: event, row, ...known }] }).gone;

  test("is asked for, once", () => {
    expect(gone({})).toEqual([{ number: 7, headSha: "aaa", after: "e1" }]);
    expect(gone({ newest: undefined })).toHaveLength(1);
    expect(gone({ newest: { ...event, action: "closed", status: "pending" } })).toEqual([]);
    expect(gone({ row: { ...row, state: "merged" } })).toEqual([]);
    expect(gone({ row: undefined })).toEqual([]);
    expect(gone({ newest: { ...event, receivedAt: askedAt } })).toEqual([]);
  });

  test("is closed with its outcome, or removed, or still open", () => {
    const known = { number: 7, headSha: "aaa", after: "e1" };
    expect(decideGone(known, { state: "closed", merged: true, headSha: "bbb" })).toEqual({
      ...known,
      action: "closed",
      headSha: "bbb",
      merged: true,
    });
    expect(decideGone(known, undefined)).toEqual({ ...known, action: "closed", merged: false });
    expect(decideGone(known, { state: "open", merged: false, headSha: "aaa" })).toBeUndefined();
  });
});

const steps = ["push a", "push b", "close", "reopen", "draft", "ready", "retarget", "poll", "work"] as const;

test("whatever happens between the looks, the last state is reviewed, and then there is peace", () => {
  assert(
    property(array(constantFrom(...steps), { maxLength: 30, size: "max" }), (story) => {
      const world = createWorld();
      for (const step of story) world.take(step);
      for (let turn = 0; turn < 5; turn += 1) {
        world.take("poll");
        world.take("work");
      }
      expect(world.look().events).toEqual([]);
      expect(world.look().gone).toEqual([]);
      const { github } = world;
      if (github.state === "open" && !github.draft) {
        expect(world.lastReviewed()).toBe(`${github.headSha} on ${github.baseRef}`);
      }
      if (github.state !== "open") expect(world.row()?.state ?? github.state).toBe(github.state);
    }),
    { numRuns: 2_000 },
  );
});

/** One pull request at GitHub, what is stored of it, and the jobs, as far as the poll has to do with them. */
function createWorld() {
  const github = {
    headSha: "a",
    baseRef: "main",
    draft: false,
    state: "open" as "open" | "closed",
  };
  const events: { event: PolledEvent; status: Newest["status"] }[] = [];
  let lastReviewed = "";
  let stored: KnownPull["row"];
  let clock = connectedAt.getTime();

  const newest = (): KnownPull["newest"] => {
    const last = events.at(-1);
    if (last === undefined) return undefined;
    const { action, headSha } = last.event;
    return {
      eventId: `e${events.length}`,
      action,
      headSha,
      status: last.status,
      receivedAt: new Date(clock),
    };
  };
  const lookNow = () => {
    clock += 60_000;
    const listed = github.state === "open" ? [{ ...github, number: 7, updatedAt: after }] : [];
    const known = stored || newest() ? [{ number: 7, newest: newest(), row: stored }] : [];
    return decidePoll({ listed, known, askedAt: new Date(clock + 1), connectedAt, first: false });
  };
  const work = (entry: (typeof events)[number]): void => {
    entry.status = "completed";
    if (entry.event.action === "closed") {
      if (stored) stored = { ...stored, state: "closed" };
    } else if (github.state !== "open" || github.draft) entry.status = "superseded";
    else {
      const { headSha, baseRef } = github;
      const later = events.slice(events.indexOf(entry) + 1);
      if (headSha !== entry.event.headSha && later.some((each) => each.event.headSha === headSha)) {
        entry.status = "superseded";
        return;
      }
      lastReviewed = `${headSha} on ${baseRef}`;
      stored = { state: "open", headSha, baseRef };
    }
  };
  const poll = (): void => {
    const { events: found, gone } = lookNow();
    const now = { ...github, merged: false };
    const closed = gone.flatMap((each) => decideGone(each, now) ?? []);
    for (const event of [...found, ...closed]) events.push({ event, status: "pending" });
    expect(found.length + closed.length).toBeLessThanOrEqual(1);
  };
  const moves: Record<(typeof steps)[number], () => void> = {
    "push a": () => (github.headSha = "a"),
    "push b": () => (github.headSha = "b"),
    close: () => (github.state = "closed"),
    reopen: () => (github.state = "open"),
    draft: () => (github.draft = true),
    ready: () => (github.draft = false),
    retarget: () => (github.baseRef = github.baseRef === "main" ? "stage" : "main"),
    poll,
    work: () => events.filter(({ status }) => status === "pending").forEach(work),
  };
  return {
    github,
    lastReviewed: () => lastReviewed,
    look: lookNow,
    row: () => stored,
    take: (step: (typeof steps)[number]) => moves[step](),
  };
}
