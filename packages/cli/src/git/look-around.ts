import type { Git } from "./open-git.ts";
import type { Tree } from "./tree.ts";

/** Lines that a search shows at most, bytes of output that are read for them, and how long it may take. */
const mostMatches = 100;
const mostBytes = 400_000;
const searchMs = 10_000;
const mostEntries = 500;
const mostCommits = 20;

/** Where to look: at a commit, or in the working tree, where only what git knows is seen. */
export interface Place {
  readonly git: Git;
  readonly tree: Tree;
  readonly headSha: string;
  readonly workingTree: boolean;
}

export interface Match {
  readonly path: string;
  readonly line: number;
  readonly text: string;
}

/** Lines that hold a text, whatever stands in it, and whether there are more. */
export async function searchCode(
  { git, headSha, workingTree }: Place,
  text: string,
  under?: string,
): Promise<{ readonly matches: readonly Match[]; readonly more: boolean }> {
  if (text === "" || text.includes("\n")) return { matches: [], more: false };
  const options = ["--no-color", "--no-textconv", "--fixed-strings", "-I", "-n", "-z", "--full-name"];
  const at = workingTree ? [] : [headSha];
  const paths = under === undefined || under === "" ? [] : [under];
  const args = ["grep", ...options, "-e", text, ...at, "--", ...paths];
  const { stdout, cut } = await git.run(args, { accept: [1], cutAt: mostBytes, timeoutMs: searchMs });
  const prefix = workingTree ? 0 : headSha.length + 1;
  const matches = stdout
    .toString("utf8")
    .split("\n")
    .flatMap((output): Match[] => {
      const [path, line, found] = output.split("\0");
      if (path === undefined || line === undefined || found === undefined) return [];
      return [{ path: path.slice(prefix), line: Number(line), text: found }];
    });
  return { matches: matches.slice(0, mostMatches), more: cut || matches.length > mostMatches };
}

/** The names in a folder, a folder's with a slash behind; undefined where there is no such folder. */
export function listDirectory({ tree }: Pick<Place, "tree">, path: string): string[] | undefined {
  const folder = path.replace(/^\.?\/+|\/+$/g, "").replace(/^\.$/, "");
  const prefix = folder === "" ? "" : `${folder}/`;
  const names = new Set<string>();
  for (const each of tree.keys()) {
    if (!each.startsWith(prefix)) continue;
    const [name = "", ...below] = each.slice(prefix.length).split("/");
    names.add(below.length > 0 ? `${name}/` : name);
  }
  return names.size === 0 ? undefined : [...names].toSorted().slice(0, mostEntries);
}

export interface Commit {
  readonly sha: string;
  readonly author: string;
  /** As `2026-01-31`. */
  readonly date: string;
  readonly subject: string;
}

/** The last commits that changed a file, the newest first. */
export async function fileHistory({ git, headSha }: Place, path: string): Promise<Commit[]> {
  const options = [`--max-count=${mostCommits}`, "--no-show-signature", "--no-color", "--no-ext-diff"];
  const args = ["log", ...options, "--format=%h%x00%an%x00%as%x00%s", headSha, "--", path];
  const { stdout } = await git.run(args, { cutAt: mostBytes, timeoutMs: searchMs });
  return stdout
    .toString("utf8")
    .split("\n")
    .flatMap((line): Commit[] => {
      const [sha, author, date, subject] = line.split("\0");
      if (sha === undefined || author === undefined || date === undefined || subject === undefined) return [];
      return [{ sha, author, date, subject }];
    });
}
