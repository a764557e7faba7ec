import type { Git } from "./open-git.ts";

export interface TreeEntry {
  readonly kind: "file" | "link" | "submodule";
  readonly oid: string;
}

/** All files of one version, by path. */
export type Tree = ReadonlyMap<string, TreeEntry>;

export async function treeOfCommit(git: Git, sha: string): Promise<Tree> {
  const { stdout } = await git.run(["ls-tree", "-r", "-z", "--full-tree", sha]);
  return entries(stdout, /^(\d+) \w+ ([0-9a-f]+)\t(.*)$/s);
}

/** Those that git knows: what is ignored or untracked is not among them. */
export async function treeOfIndex(git: Git): Promise<Tree> {
  const { stdout } = await git.run(["ls-files", "--stage", "-z"]);
  return entries(stdout, /^(\d+) ([0-9a-f]+) \d\t(.*)$/s);
}

function entries(output: Buffer, form: RegExp): Tree {
  const tree = new Map<string, TreeEntry>();
  for (const line of output.toString("utf8").split("\0")) {
    const [, mode, oid, path] = form.exec(line) ?? [];
    if (mode === undefined || oid === undefined || path === undefined) continue;
    const kind = mode === "160000" ? "submodule" : mode === "120000" ? "link" : "file";
    tree.set(path, { kind, oid });
  }
  return tree;
}
