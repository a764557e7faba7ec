import { plainLine } from "../output/plain-text.ts";
import { dollars } from "../output/words.ts";
import { type ComparedFinding, compareReviews, type ReviewDifference } from "./compare-reviews.ts";
import { figuresOf, type Scored, tallyRows } from "./metrics.ts";
import type { StoredMode } from "./stored-run.ts";
import { renderTable } from "./table.ts";

/** What is different from a stored run: the figures, then each case in which something changed. */
export function renderRunDifference(before: StoredMode, after: StoredMode): string {
  const known = new Map(before.cases.map((each) => [each.name, each]));
  const shared = after.cases.filter(({ name }) => known.has(name));
  const names = new Set(shared.map(({ name }) => name));
  const differences = shared.flatMap((each) => {
    const was = known.get(each.name);
    if (was === undefined) return [];
    const lines = differenceLines(
      compareReviews({ ...was, findings: was.comments }, { ...each, findings: each.comments }),
    );
    return lines.length === 0 ? [] : [plainLine(each.name), ...lines.map((line) => `  ${line}`)];
  });
  return [
    `Compared with the stored run (${before.name} before, ${after.name} now), ${shared.length} cases in both:`,
    figureDifference(
      before.cases.filter(({ name }) => names.has(name)),
      shared,
    ),
    ...(differences.length === 0 ? ["No finding is different."] : differences),
  ].join("\n");
}

function figureDifference(before: StoredMode["cases"], after: StoredMode["cases"]): string {
  const was = new Map(tallyRows(before.map(scored)).map(({ name, tally }) => [name, figuresOf(tally)]));
  const rows = tallyRows(after.map(scored)).map(({ name, tally }) => {
    const now = figuresOf(tally);
    const old = was.get(name);
    return [
      name,
      ...(["precision", "recall", "f1"] as const).map(
        (key) => `${figure(old?.[key])} -> ${figure(now[key])}`,
      ),
    ];
  });
  return renderTable([["by line", "precision", "recall", "F1"], ...rows]);
}

function scored({ language, comments, expected, pairs }: StoredMode["cases"][number]): Scored {
  return { language, comments, expected, pairs };
}

function figure(value: number | undefined): string {
  return value === undefined ? "-" : value.toFixed(2);
}

/** One line for each thing that is different; empty where nothing is. */
export function differenceLines(difference: ReviewDifference): string[] {
  const { gone, added, regraded, verdict, costUsd = 0 } = difference;
  return [
    ...gone.map((finding) => `gone: ${nameOf(finding)}`),
    ...added.map((finding) => `new: ${nameOf(finding)}`),
    ...regraded.map(({ before, after }) => `${before.severity} -> ${after.severity}: ${nameOf(after)}`),
    ...(verdict === undefined ? [] : [`verdict: ${verdict.before} -> ${verdict.after}`]),
    ...(costUsd === 0 ? [] : [`cost: ${costUsd < 0 ? "-" : "+"}${dollars(Math.abs(costUsd))}`]),
  ];
}

function nameOf({ severity, path, startLine, title }: ComparedFinding): string {
  return plainLine(`${severity} ${path}:${startLine} ${title}`);
}
