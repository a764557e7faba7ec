import { expect, test } from "vitest";
import { decideHead } from "./decide-head.ts";

const pull = {
  state: "open",
  head: { sha: "new", ref: "b", repositoryId: 1, fork: false },
} as const;

test.each([
  ["the pull request's own head is reviewed", pull, "new", { successor: false, lastLook: false }, "review"],
  [
    "an older head is superseded where an event goes on with the newest",
    pull,
    "old",
    { successor: true, lastLook: false },
    "superseded",
  ],
  [
    "a head that GitHub does not show yet is looked at again",
    pull,
    "old",
    { successor: false, lastLook: false },
    "look-again",
  ],
  [
    "in the end the head that GitHub names is reviewed",
    pull,
    "old",
    { successor: false, lastLook: true },
    "review",
  ],
  [
    "a closed one is superseded",
    { ...pull, state: "closed" as const },
    "new",
    { successor: false, lastLook: true },
    "superseded",
  ],
])("%s", (_name, now, eventHead, known, kind) => {
  expect(decideHead(now, eventHead, known).kind).toBe(kind);
});
