import { readBlob, treeEntry } from "./objects.ts";
import { gitText } from "./run.ts";

export interface TreeHit {
  readonly path: string;
  readonly sha: string;
  /** Some of the text around the first phrase. */
  readonly fragment: string;
}

/** The text files of a commit that have all the phrases somewhere, in any case. */
export async function searchTree(
  dir: string,
  commit: string,
  phrases: readonly string[],
): Promise<TreeHit[]> {
  const wanted = phrases.flatMap((phrase) => ["-e", phrase]);
  const args = ["grep", "-I", "-i", "-F", "-l", "-z", "--full-name", "--all-match", ...wanted, commit, "--"];
  const listing = await gitText(dir, args, { accept: [1] });
  const paths = listing.split("\0").flatMap((name) => (name === "" ? [] : name.slice(commit.length + 1)));
  const hits = await Promise.all(paths.map((path) => describe(dir, commit, path, phrases)));
  return hits.flatMap((hit) => hit ?? []);
}

const before = 80;
const after = 160;

async function describe(
  dir: string,
  commit: string,
  path: string,
  [first = ""]: readonly string[],
): Promise<TreeHit | undefined> {
  const entry = await treeEntry(dir, commit, path);
  if (!entry) return undefined;
  const text = (await readBlob(dir, entry.sha)).toString("utf8");
  const at = Math.max(0, text.toLowerCase().indexOf(first.toLowerCase()));
  return { path, sha: entry.sha, fragment: text.slice(Math.max(0, at - before), at + after) };
}
