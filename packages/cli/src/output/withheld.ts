import type { WithheldFinding } from "@nectr/review";
import type { Paint } from "./paint.ts";
import { plainLine } from "./plain-text.ts";
import { count } from "./words.ts";

const mostNamed = 20;

/** What a second look took away, in a line each: a person can still see what was said, and why it is not shown. */
export function withheldLines(withheld: readonly WithheldFinding[], paint: Paint): string[] {
  if (withheld.length === 0) return [];
  const more = withheld.length - mostNamed;
  const lines = [
    `Not shown: ${count(withheld.length, "finding")} that did not hold up on a second look`,
    ...withheld.slice(0, mostNamed).map(lineOf),
    ...(more > 0 ? [`  and ${more.toLocaleString("en-US")} more`] : []),
  ];
  return lines.map((line) => paint("dim", line));
}

function lineOf({ finding: { path, startLine, title }, reason }: WithheldFinding): string {
  return `  ${plainLine(`${path}:${startLine} ${inOneLine(title)}: ${inOneLine(reason)}`)}`;
}

function inOneLine(text: string): string {
  return text.trim().replaceAll(/\s+/g, " ");
}
