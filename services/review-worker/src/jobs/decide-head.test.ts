import { expect, test } from "vitest";
import { decideHead } from "./decide-head.ts";

const pull = {
  state: "open",
  draft: false,
  head: { sha: "new", ref: "b", repositoryId: 1, fork: false },
} as const;

test.each([
  ["the pull request's own head is reviewed", pull, "new", { later: false, lastLook: false }, "review"],
  [
    "an older head with a later event is superseded",
    pull,
    "old",
    { later: true, lastLook: false },
    "superseded",
  ],
  [
    "a head that GitHub does not show yet is looked at again",
    pull,
    "old",
    { later: false, lastLook: false },
    "look-again",
  ],
  [
    "in the end the head that GitHub names is reviewed",
    pull,
    "old",
    { later: false, lastLook: true },
    "review",
  ],
  [
    "a closed one is superseded",
    { ...pull, state: "closed" as const },
    "new",
    { later: false, lastLook: true },
    "superseded",
  ],
  ["a draft is superseded", { ...pull, draft: true }, "new", { later: false, lastLook: true }, "superseded"],
])("%s", (_name, now, eventHead, known, kind) => {
  expect(decideHead(now, eventHead, known).kind).toBe(kind);
});
