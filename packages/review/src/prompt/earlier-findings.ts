import { clip } from "../clip.ts";
import { bySeverity, type EarlierFinding, type FileDiff } from "../model.ts";
import { thousands } from "../render/words.ts";
import { countTokens } from "../tokens.ts";
import { fence } from "./fence.ts";
import { oneLine } from "./one-line.ts";

/** Tokens that earlier findings may take in one prompt: a hundred or so, beside a chunk of the diff. */
const mostTokens = 4_000;

/** Longest path of a finding, in characters; the diff shows about as much of one. */
const longestPath = 300;

export interface EarlierChoice {
  readonly shown: readonly EarlierFinding[];
  /** What is not shown, of the chunk's own files. */
  readonly untold: readonly EarlierFinding[];
  /** How many are not shown, wherever they are. */
  readonly leftOut: LeftOut;
}

interface LeftOut {
  readonly reported: number;
  readonly dismissed: number;
}

/**
 * Chooses what of the ledger a model is shown with a chunk: first what is in the chunk's own files, open before
 * fixed, and the worst first. Of equals the model's own: what analysers found they find again without it. What is
 * chosen stays in the ledger's order, so that all chunks begin alike where there is room for all.
 */
export function chooseEarlier(
  earlier: readonly EarlierFinding[],
  files: readonly Pick<FileDiff, "path" | "previousPath">[],
): EarlierChoice {
  const paths = new Set(files.flatMap(({ path, previousPath }) => [path, previousPath ?? path]));
  const isHere = ({ path }: EarlierFinding): boolean => paths.has(path);
  const ranked = earlier.toSorted(
    (a, b) =>
      Number(isHere(b)) - Number(isHere(a)) ||
      Number(a.state === "fixed") - Number(b.state === "fixed") ||
      bySeverity(a, b) ||
      Number(a.source === "analyser") - Number(b.source === "analyser"),
  );
  const chosen = new Set<EarlierFinding>();
  let room = mostTokens;
  for (const finding of ranked) {
    room -= countTokens(`${entry(finding)}\n`);
    if (room < 0) break;
    chosen.add(finding);
  }
  const rest = earlier.filter((finding) => !chosen.has(finding));
  const dismissed = rest.filter(isDismissed).length;
  return {
    shown: earlier.filter((finding) => chosen.has(finding)),
    untold: rest.filter(isHere),
    leftOut: { reported: rest.length - dismissed, dismissed },
  };
}

/** Earlier findings as a model reads them; "" where there are none. */
export function describeEarlier({ shown, leftOut }: Pick<EarlierChoice, "shown" | "leftOut">): string {
  const reported = section(
    "earlier-findings",
    shown.filter((finding) => !isDismissed(finding)),
    {
      intro:
        "Reported on earlier pushes. Where such a defect is in the changes below, report it again under exactly the same title; where it is repaired, do not.",
      leftOut: leftOut.reported,
    },
  );
  const dismissed = section("dismissed-findings", shown.filter(isDismissed), {
    intro: "Dismissed by the team. Do not report these again.",
    leftOut: leftOut.dismissed,
  });
  return [reported, dismissed].filter((part) => part !== "").join("\n\n");
}

function section(
  label: string,
  shown: readonly EarlierFinding[],
  { intro, leftOut }: { readonly intro: string; readonly leftOut: number },
): string {
  if (shown.length + leftOut === 0) return "";
  const list = fence(label, shown.map(entry).join("\n"));
  return [intro, list, ...(leftOut > 0 ? [`${thousands(leftOut)} more are not shown here.`] : [])].join("\n");
}

function entry({ path, title }: EarlierFinding): string {
  return `${clip(oneLine(path), longestPath)}: ${oneLine(title)}`;
}

function isDismissed({ state }: EarlierFinding): boolean {
  return state === "dismissed";
}
