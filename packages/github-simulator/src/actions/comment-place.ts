import { findLine, numberOn } from "../diff/current-place.ts";
import type { DiffHunk, DiffLine, DiffSection } from "../diff/parse-diff.ts";
import type { Side } from "../state/model.ts";

/** Where an inline comment asks to stand: by line, or by the older `position`. */
export interface AskedPlace {
  readonly path: string;
  readonly line?: number | undefined;
  readonly side?: Side | undefined;
  readonly startLine?: number | undefined;
  readonly startSide?: Side | undefined;
  readonly position?: number | undefined;
}

export interface GivenPlace {
  readonly line: number;
  readonly side: Side;
  readonly startLine: number | null;
  readonly startSide: Side | null;
  readonly position: number;
  readonly diffHunk: string;
}

/** What is wrong with a place; GitHub names all that applies. */
export type PlaceFault = "path" | "line" | "start-hunk" | "start-order" | "hunk";

/** Files with what the diff shows of them. */
interface ShownFiles {
  readonly files: readonly { readonly path: string; readonly section: DiffSection }[];
}

/** Judges a place by the diff: in a hunk, and from its start to its line within that one hunk. */
export function judgePlace({ files }: ShownFiles, asked: AskedPlace): GivenPlace | readonly PlaceFault[] {
  // A file that became a link, or the reverse, is there twice: its new version comes last.
  const file = files.findLast((candidate) => candidate.path === asked.path);
  if (!file) return ["path", "hunk"];
  const target = findTarget(file.section.hunks, asked);
  if (!target) return asked.startLine === undefined ? ["line", "hunk"] : ["line", "start-hunk", "hunk"];
  const { hunk, line, side } = target;
  const number = numberOn(line, side);
  if (number === undefined) return ["line", "hunk"];
  const place = { line: number, side, position: line.position, diffHunk: hunkUpTo(hunk, line) };
  if (asked.startLine === undefined) return { ...place, startLine: null, startSide: null };

  const startSide = asked.startSide ?? side;
  if (startSide === side && asked.startLine >= number) return ["start-order"];
  const start = findLine({ ...file.section, hunks: [hunk] }, startSide, asked.startLine);
  if (!start) return ["start-hunk"];
  if (start.position >= line.position) return ["start-order"];
  return { ...place, startLine: asked.startLine, startSide };
}

/** True where a place was refused. */
export function isRefused(judged: GivenPlace | readonly PlaceFault[]): judged is readonly PlaceFault[] {
  return Array.isArray(judged);
}

interface Target {
  readonly hunk: DiffHunk;
  readonly line: DiffLine;
  readonly side: Side;
}

function findTarget(hunks: readonly DiffHunk[], asked: AskedPlace): Target | undefined {
  for (const hunk of hunks) {
    for (const line of hunk.lines) {
      const side = asked.side ?? (asked.line === undefined && line.kind === "removed" ? "LEFT" : "RIGHT");
      const found =
        asked.line === undefined ? line.position === asked.position : numberOn(line, side) === asked.line;
      if (found) return { hunk, line, side };
    }
  }
  return undefined;
}

/** A hunk from its header to a line, as GitHub shows it with a comment. */
function hunkUpTo(hunk: DiffHunk, last: DiffLine): string {
  const sign = { context: " ", added: "+", removed: "-" } as const;
  const lines = hunk.lines
    .filter((line) => line.position <= last.position)
    .map((line) => `${sign[line.kind]}${line.text}`);
  return [hunk.header, ...lines].join("\n");
}
