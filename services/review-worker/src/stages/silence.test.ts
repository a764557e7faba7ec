import { ModelError, type ModelErrorKind } from "@nectr/model";
import { expect, test } from "vitest";
import { noOutage } from "./model-away.ts";
import { adviseOperator, explainSilence } from "./silence.ts";

const secretive = "connect ECONNREFUSED 10.0.0.7:11434 at /srv/models for the key k3y";

test.each<ModelErrorKind>(["unavailable", "rejected", "unusable-answer"])(
  "of a model that is %s, people are told nothing that a server said",
  (kind) => {
    const { brief, sentence } = explainSilence(new ModelError(kind, secretive, { status: 500 }), noOutage);
    expect(brief + sentence).not.toMatch(/ECONN|10\.0|srv|k3y/);
    expect(brief).not.toMatch(/\.$/);
    expect(sentence).toMatch(/\.$/);
  },
);

test("how often it was tried is told", () => {
  const outage = { failures: 6, lostMs: 488_000 };
  expect(explainSilence(new ModelError("unavailable", secretive), outage).sentence).toContain(
    "asked 6 times within 8 minutes",
  );
});

test.each([
  [401, "ANTHROPIC_API_KEY or OPENAI_API_KEY"],
  [402, "no credit"],
  [429, "no credit"],
  [404, "ANTHROPIC_MODEL or OPENAI_MODEL"],
  [413, "its words tell why"],
])("after status %d whoever runs Nectr is told what to change", (status, words) => {
  expect(adviseOperator(new ModelError("rejected", secretive, { status }))).toContain(words);
});
