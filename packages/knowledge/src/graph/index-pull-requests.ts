import { connectedNames, followRenames, type Rename } from "./follow-renames.ts";
import { momentOf, type PullRequestFacts, type TouchedFile } from "./pull-request-facts.ts";

/** A pull request's file, and which file of the repository that is now. */
export interface PlacedTouch {
  readonly number: number;
  readonly path: string;
  readonly previousPath: string | null;
  /** The file's name now. */
  readonly file: string;
}

/** A touch as it is known, with what its place depends on. */
export interface KnownTouch extends PlacedTouch {
  readonly state: PullRequestFacts["state"];
  readonly base: string;
  readonly at: Date;
}

/** Whether the default branch has a file, as of a time. */
export interface Presence {
  readonly present: boolean;
  readonly at: Date;
}

/** What a store does within one transaction, in which nobody else writes to the same repository's graph. */
export interface GraphWriter {
  readonly branch: string | null;
  readonly treeAt: Date | null;
  /** Saves what was not known, or not so lately, with people and issues. @returns the numbers of those. */
  savePulls(pulls: readonly PullRequestFacts[]): Promise<ReadonlySet<number>>;
  /** All renames of pull requests that were merged into the branch (into any, where there is no tree). */
  landedRenames(): Promise<Rename[]>;
  /** Takes the touches of pull requests away. @returns the files that they were on. */
  clearTouches(numbers: readonly number[]): Promise<string[]>;
  /** Makes sure that files are known; what was heard of their presence counts where it is later than what was known. */
  saveFiles(files: ReadonlyMap<string, Presence | null>): Promise<void>;
  addTouches(touches: readonly (PlacedTouch & { readonly facts: TouchedFile })[]): Promise<void>;
  /** Those that are on these files. */
  touchesOn(files: readonly string[]): Promise<KnownTouch[]>;
  moveTouches(touches: readonly PlacedTouch[]): Promise<void>;
  /** Sums up anew what touches say of these files. */
  refresh(files: readonly string[]): Promise<void>;
}

/** Takes a batch. The result is the same whatever came before it, so that pull requests may come in any order. */
export async function indexBatch(writer: GraphWriter, pulls: readonly PullRequestFacts[]): Promise<void> {
  const saved = await writer.savePulls(pulls);
  const news = pulls.filter(({ number }) => saved.has(number));
  if (news.length === 0) return;
  // Before they are cleared, so that what is renamed no more finds its way back.
  const before = await writer.landedRenames();
  const left = await writer.clearTouches([...saved]);
  const renames = [
    ...before.filter(({ number }) => !saved.has(number)),
    ...news.filter((pull) => hasLanded(pull, writer.branch)).flatMap(renamesOf),
  ];
  const follow = followRenames(renames);
  const touches = news.flatMap((pull) => placeTouches(pull, writer.branch, follow));
  const moved = await findMoved(
    writer,
    before.filter(({ number }) => saved.has(number)),
    renames,
    saved,
    follow,
  );
  const files = new Map<string, Presence | null>(heardOf(news, writer));
  for (const { file } of [...touches, ...moved.to]) if (!files.has(file)) files.set(file, null);
  await writer.saveFiles(files);
  await writer.addTouches(touches);
  await writer.moveTouches(moved.to);
  await writer.refresh([
    ...new Set([...left, ...moved.from, ...[...touches, ...moved.to].map(({ file }) => file)]),
  ]);
}

/** Touches of other pull requests that these renames, new ones and ones that are gone, put on another file. */
async function findMoved(
  writer: GraphWriter,
  gone: readonly Rename[],
  renames: readonly Rename[],
  saved: ReadonlySet<number>,
  follow: ReturnType<typeof followRenames>,
): Promise<{ readonly from: string[]; readonly to: PlacedTouch[] }> {
  const changed = [...gone, ...renames.filter(({ number }) => saved.has(number))];
  if (changed.length === 0) return { from: [], to: [] };
  const names = connectedNames(
    changed.flatMap(({ from, to }) => [from, to]),
    [...renames, ...gone],
  );
  const known = await writer.touchesOn(names);
  const to = known.flatMap((touch) => {
    const file = follow(nameInBranch(touch, hasLanded(touch, writer.branch)), touch);
    return file === touch.file ? [] : [{ ...touch, file }];
  });
  return { from: names, to };
}

function placeTouches(
  pull: PullRequestFacts,
  branch: string | null,
  follow: ReturnType<typeof followRenames>,
): (PlacedTouch & { facts: TouchedFile })[] {
  const since = { at: momentOf(pull), number: pull.number };
  const landed = hasLanded(pull, branch);
  // One of each path, whatever GitHub says.
  const files = new Map(pull.files.map((file) => [file.path, file]));
  return [...files.values()].map((facts) => {
    const { path } = facts;
    const previousPath = facts.status === "renamed" ? (facts.previousPath ?? null) : null;
    const touch = { number: pull.number, path, previousPath };
    return { ...touch, file: follow(nameInBranch(touch, landed), since), facts };
  });
}

/** Until a rename is merged, the file has its old name. */
function nameInBranch(touch: Pick<PlacedTouch, "path" | "previousPath">, landed: boolean): string {
  return landed ? touch.path : (touch.previousPath ?? touch.path);
}

/** Whether its files are on the branch whose tree is indexed. */
function hasLanded(pull: Pick<PullRequestFacts, "state" | "base">, branch: string | null): boolean {
  return pull.state === "merged" && (branch === null || branch === pull.base);
}

function renamesOf(pull: PullRequestFacts): Rename[] {
  return pull.files.flatMap(({ path, previousPath, status }) =>
    status === "renamed" && previousPath !== undefined
      ? [{ from: previousPath, to: path, at: momentOf(pull), number: pull.number }]
      : [],
  );
}

/** What merged pull requests tell of the presence of files, the latest of each. A later tree knows better. */
function heardOf(
  pulls: readonly PullRequestFacts[],
  { branch, treeAt }: Pick<GraphWriter, "branch" | "treeAt">,
): Map<string, Presence> {
  const heard = new Map<string, Presence>();
  const hear = (path: string, present: boolean, at: Date) => {
    const known = heard.get(path);
    if (known !== undefined && known.at > at) return;
    // What the tree did not have by then is not there.
    heard.set(path, treeAt !== null && treeAt >= at ? { present: false, at: treeAt } : { present, at });
  };
  const landed = pulls.filter((pull) => hasLanded(pull, branch));
  for (const pull of landed.toSorted((a, b) => momentOf(a).getTime() - momentOf(b).getTime())) {
    for (const { path, previousPath, status } of pull.files) {
      if (status === "renamed" && previousPath !== undefined) hear(previousPath, false, momentOf(pull));
      hear(path, status !== "removed", momentOf(pull));
    }
  }
  return heard;
}
