import { gitText, runGit } from "./run.ts";

export interface TreeEntry {
  readonly mode: string;
  readonly type: "blob" | "tree" | "commit";
  readonly sha: string;
  /** In bytes; undefined for trees and submodules. */
  readonly size: number | undefined;
  readonly path: string;
}

/** What lies at `path`, which is not empty, in a commit: the entry itself; undefined where there is none. */
export async function treeEntry(dir: string, commit: string, path: string): Promise<TreeEntry | undefined> {
  const [entry] = await lsTree(dir, [commit, "--", path]);
  return entry;
}

/** The entries of a folder (`""` for the root), not of those below it. */
export function listFolder(dir: string, commit: string, path: string): Promise<TreeEntry[]> {
  return lsTree(dir, path === "" ? [commit] : [commit, "--", `${path}/`]);
}

/** All entries below a tree, folders included where `recursive`. */
export function listTree(dir: string, tree: string, recursive: boolean): Promise<TreeEntry[]> {
  return lsTree(dir, recursive ? ["-r", "-t", tree] : [tree]);
}

/** A blob's bytes. */
export async function readBlob(dir: string, sha: string): Promise<Buffer> {
  return (await runGit(dir, ["cat-file", "blob", sha])).stdout;
}

async function lsTree(dir: string, args: readonly string[]): Promise<TreeEntry[]> {
  const text = await gitText(dir, ["ls-tree", "-z", "-l", "--full-tree", ...args]);
  return text.split("\0").flatMap((line) => {
    const match = /^(\d+) (blob|tree|commit) ([0-9a-f]+) +(-|\d+)\t(.*)$/s.exec(line);
    if (!match) return [];
    const [, mode = "", type, sha = "", size, path = ""] = match;
    if (type !== "blob" && type !== "tree" && type !== "commit") return [];
    return [{ mode, type, sha, size: size === "-" ? undefined : Number(size), path }];
  });
}
