import { expect, test } from "vitest";
import { renderJson } from "../src/output/json.ts";
import { renderTerminal } from "../src/output/terminal.ts";
import { finding, localReview } from "./sample-review.ts";

const plain = { colours: false, width: 80, excerpt: () => [] };

function withheld(number: number, reason = "The list is\nnever empty.") {
  const local = localReview([finding()]);
  const all = Array.from({ length: number }, (_, index) => ({
    finding: finding({ startLine: index + 1, endLine: index + 2, title: "The list may be empty" }),
    reason,
  }));
  return { ...local, review: { ...local.review, withheld: all } };
}

test("on a terminal, what did not hold up stands after the findings, in a line each", () => {
  const shown = renderTerminal(withheld(1), plain);
  expect(shown).toContain(
    "\n\nNot shown: 1 finding that did not hold up on a second look\n" +
      "  src/a.ts:1 The list may be empty: The list is never empty.\n\n1 finding (1 moderate)",
  );
  expect(renderTerminal(withheld(0), plain)).not.toContain("Not shown");
});

test("of many, the first 20 are named", () => {
  const shown = renderTerminal(withheld(23), plain);
  expect(shown).toContain("Not shown: 23 findings");
  expect(shown).toContain("src/a.ts:20 The list");
  expect(shown).not.toContain("src/a.ts:21 The list");
  expect(shown).toContain("\n  and 3 more\n");
});

test("what they say cannot steer the terminal", () => {
  expect(renderTerminal(withheld(1, "\u001B[2J\u202E"), plain)).not.toMatch(/(?!\n)[\p{Cc}\u202A-\u202E]/u);
});

test("as JSON, each has its lines and the reason", () => {
  expect(JSON.parse(renderJson(withheld(1, "No."), 1))).toMatchObject({
    withheld: [
      {
        path: "src/a.ts",
        startLine: 1,
        endLine: 2,
        severity: "moderate",
        title: "The list may be empty",
        reason: "No.",
      },
    ],
  });
});
