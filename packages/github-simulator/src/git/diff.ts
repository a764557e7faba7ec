import { type DiffSection, parseDiff } from "../diff/parse-diff.ts";
import { runGit, gitText } from "./run.ts";

/** GitHub's words for what happened to a file. */
type ChangeStatus = "added" | "removed" | "modified" | "renamed" | "copied" | "changed";

export interface ChangedFile {
  readonly path: string;
  readonly previousPath: string | undefined;
  readonly status: ChangeStatus;
  readonly additions: number;
  readonly deletions: number;
  /** The blob at the head, or at the base for a removed file. */
  readonly sha: string;
  readonly section: DiffSection;
}

/** The whole difference between two commits. */
export interface Diff {
  /** As git printed it: file contents may be in any encoding. */
  readonly bytes: Buffer;
  readonly text: string;
  readonly files: readonly ChangedFile[];
  readonly additions: number;
  readonly deletions: number;
}

/** Diffs between commits, which never change and so are kept. */
export interface Diffs {
  between(dir: string, base: string, head: string): Promise<Diff>;
}

const kept = 100;
const options = ["--no-color", "--no-ext-diff", "--no-textconv", "-M", "--src-prefix=a/", "--dst-prefix=b/"];

export function createDiffs(): Diffs {
  const cache = new Map<string, Promise<Diff>>();
  return {
    between(dir, base, head) {
      const key = `${dir}\0${base}\0${head}`;
      const known = cache.get(key);
      if (known) return known;
      const diff = readDiff(dir, base, head);
      cache.set(key, diff);
      diff.catch(() => cache.delete(key));
      const [oldest] = cache.keys();
      if (cache.size > kept && oldest !== undefined) cache.delete(oldest);
      return diff;
    },
  };
}

async function readDiff(dir: string, base: string, head: string): Promise<Diff> {
  const [{ stdout: bytes }, listing] = await Promise.all([
    runGit(dir, ["diff", ...options, "-U3", base, head]),
    gitText(dir, ["diff", ...options, "--raw", "--numstat", "--no-abbrev", "-z", base, head]),
  ]);
  const text = bytes.toString("utf8");
  const files = joinSections(parseListing(listing), parseDiff(text));
  const sum = (pick: (file: ChangedFile) => number) => files.reduce((total, file) => total + pick(file), 0);
  return {
    bytes,
    text,
    files,
    additions: sum((file) => file.additions),
    deletions: sum((file) => file.deletions),
  };
}

type Listed = Omit<ChangedFile, "section">;

/** A change of type (a file that became a link) is one file in the listing and two in the diff. */
function joinSections(listed: readonly Listed[], sections: readonly DiffSection[]): ChangedFile[] {
  let next = 0;
  return listed.map((file) => {
    const section = sections[next++];
    if (!section) throw new Error(`git printed no diff for ${file.path}`);
    if (file.status === "changed" && sections[next]?.path === section.path) next += 1;
    return { ...file, section };
  });
}

const statuses: Readonly<Record<string, ChangeStatus>> = {
  A: "added",
  D: "removed",
  M: "modified",
  R: "renamed",
  C: "copied",
  T: "changed",
};

interface RawEntry {
  readonly path: string;
  readonly previousPath: string | undefined;
  readonly status: ChangeStatus;
  readonly sha: string;
}

/** Reads `--raw --numstat -z`: first all files with their blobs, then all files with their counts. */
function parseListing(listing: string): Listed[] {
  const tokens = listing.split("\0");
  const entries: RawEntry[] = [];
  let at = 0;
  while (tokens[at]?.startsWith(":")) {
    const [, , oldSha = "", newSha = "", letter = ""] = (tokens[at++] ?? "").split(" ");
    const status = statuses[letter.charAt(0)] ?? "modified";
    const first = tokens[at++] ?? "";
    const moved = status === "renamed" || status === "copied";
    const path = moved ? (tokens[at++] ?? "") : first;
    entries.push({
      path,
      previousPath: moved ? first : undefined,
      status,
      sha: status === "removed" ? oldSha : newSha,
    });
  }
  return entries.map((entry) => {
    const [added = "", removed = "", path = ""] = (tokens[at++] ?? "").split("\t");
    if (path === "") at += 2;
    // Binary files are counted as "-".
    return { ...entry, additions: Number(added) || 0, deletions: Number(removed) || 0 };
  });
}
