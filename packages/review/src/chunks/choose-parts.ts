import { type Part, splitPart } from "./parts.ts";

/** For a file with less risk than this, a document, no part of another file is left out. */
const leastWhole = 0.2;

/**
 * What is read where not all can be: the first files that fit whole; then, of the others, the hunks in which there is
 * the most risk for their size; and at last the beginning of one more.
 *
 * @param parts the most important file's first
 * @param tokens bare tokens that may be taken, with the heads of the files
 */
export function chooseParts(parts: readonly Part[], tokens: number, risk: (path: string) => number): Part[] {
  const chosen: Part[] = [];
  const others: Part[] = [];
  let left = tokens;
  for (const [head, ofFile] of Map.groupBy(parts, (part) => part.file)) {
    const whole = ofFile.reduce((sum, part) => sum + part.tokens, head.head.tokens);
    if (whole > left || risk(head.file.path) < leastWhole) others.push(...ofFile);
    else {
      chosen.push(...ofFile);
      left -= whole;
    }
  }
  const headed = new Set<number>();
  for (const part of others.toSorted((a, b) => cost(a, risk) - cost(b, risk))) {
    const space = left - (headed.has(part.file.index) ? 0 : part.file.head.tokens);
    const taken = part.tokens <= space ? part : splitPart(part, space)?.[0];
    if (!taken) continue;
    chosen.push(taken);
    headed.add(part.file.index);
    left = space - taken.tokens;
  }
  return chosen;
}

function cost({ tokens, file }: Part, risk: (path: string) => number): number {
  return tokens / risk(file.file.path);
}
