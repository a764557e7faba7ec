import { describe, expect, test } from "vitest";
import { statusOf } from "./status.ts";

type Outcome = Parameters<typeof statusOf>[0];
type Found = Outcome["findings"][number];

const of = (severity: Found["severity"]) => ({ severity }) as Found;
const outcome = (fields: Partial<Outcome> = {}): Outcome => ({
  verdict: "approve",
  doubts: [],
  findings: [],
  stillOpen: [],
  unchecked: [],
  ...fields,
});

describe("the commit status", () => {
  test("is a success where all was read and nothing is to be seen to", () => {
    expect(statusOf(outcome())).toEqual({
      state: "success",
      description: "Everything was read, and nothing found",
    });
  });

  test("is a success with findings that block nothing", () => {
    const findings = [of("nit"), of("minor"), of("nit")];
    expect(statusOf(outcome({ verdict: "comment", findings }))).toEqual({
      state: "success",
      description: "Everything was read; 3 findings (1 minor, 2 nit), none of which blocks",
    });
  });

  test("is a failure where changes are requested, of earlier heads too", () => {
    const open = { verdict: "request_changes", stillOpen: [of("critical")] } as const;
    expect(statusOf(outcome(open))).toEqual({
      state: "failure",
      description: "1 finding (1 critical) to see to",
    });
    const both = { ...open, findings: [of("moderate")], doubts: ["2 files were not read to the end."] };
    expect(statusOf(outcome(both))).toEqual({
      state: "failure",
      description: "2 findings (1 critical, 1 moderate) to see to; and not everything was read",
    });
  });

  test.each(["approve", "comment"] as const)(
    "is a failure where not everything was read, whatever the verdict (%s), and says what",
    (verdict) => {
      const doubts = ["Only the built-in analysers looked at it; no model read the code."];
      expect(statusOf(outcome({ verdict, doubts }))).toEqual({ state: "failure", description: doubts[0] });
    },
  );

  test("says no more than GitHub takes, and no Markdown", () => {
    const doubts = ["`paths.ignore` is the place.", "x".repeat(200)];
    const { description } = statusOf(outcome({ doubts }));
    expect(description).toHaveLength(140);
    expect(description).toMatch(/^paths\.ignore is the place\. x+…$/);
  });
});
