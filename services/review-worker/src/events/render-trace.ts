import type { Finding, Placement } from "@nectr/review";
import { aligned, lines } from "./render.ts";
import type { FindingTrace } from "./trace-store.ts";

/** For people: each finding's way, step by step. */
export function renderTraces(traces: readonly FindingTrace[]): string {
  if (traces.length === 0) return "The review has no findings.\n";
  return traces.map((trace) => lines(aligned(stepsOf(trace)))).join("\n");
}

function stepsOf(trace: FindingTrace): [string, string][] {
  const { fingerprint, finding, url } = trace;
  return [
    ["finding", `${fingerprint ?? "withheld"}: ${finding.title}`],
    ...foundBy(trace),
    ...placed(trace),
    ...(url === null ? [] : [["at GitHub", url] as [string, string]]),
  ];
}

function foundBy({ finding, origin, answer }: FindingTrace): [string, string][] {
  if (origin === undefined) return [["rule", `${finding.rule} at ${linesOf(finding)}`]];
  const { check, saidLines } = origin;
  return [
    ["question", `${origin.question}, finding ${origin.index + 1} of the answer`],
    ...(answer === undefined
      ? []
      : ([
          ["answered by", `${answer.model} in ${answer.steps} ${answer.steps === 1 ? "call" : "calls"}`],
          ...answer.tools.map((call) => ["looked at", `${call.tool} ${call.arguments}: ${call.outcome}`]),
          ["said", saidWords(answer.said, saidLines)],
        ] as [string, string][])),
    ...(check === undefined
      ? []
      : ([
          ["check", `${check.question}: ${check.verdict}, ${Math.round(check.confidence * 100)} %`],
          ["because", check.reason],
        ] as [string, string][])),
  ];
}

function saidWords(
  said: NonNullable<FindingTrace["answer"]>["said"],
  [start, end]: readonly [number, number],
): string {
  if (said === undefined) return `lines ${start} to ${end}`;
  const quote = said.quote.trim() === "" ? "" : `, quoting ${JSON.stringify(said.quote)}`;
  return `${said.path}, lines ${start} to ${end} of the ${said.side} version${quote}`;
}

function placed({ placement, withheld }: FindingTrace): [string, string][] {
  if (withheld !== undefined) return [["withheld", withheld]];
  return placement === undefined ? [] : [["placed", placementWords(placement)]];
}

function placementWords(placement: Placement): string {
  if (placement.kind === "summary") return `in the summary: ${placement.reason}`;
  const { path, startLine, line, side, by } = placement;
  const range = startLine === undefined ? `${line}` : `${startLine}-${line}`;
  const found = by === undefined ? "" : `, found by its ${by}`;
  return `on ${path}:${range}${side === "old" ? " of the old version" : ""}${found}`;
}

function linesOf({ path, startLine, endLine }: Finding): string {
  return startLine === endLine ? `${path}:${startLine}` : `${path}:${startLine}-${endLine}`;
}
