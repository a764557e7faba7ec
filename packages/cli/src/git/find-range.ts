import { Trouble } from "../trouble.ts";
import type { Git } from "./open-git.ts";

/** What is reviewed: from the merge base to a commit, or to the working tree. */
export interface Range {
  /** The base as people name it, such as `origin/main`. */
  readonly baseRef: string;
  /** The base's newest commit. */
  readonly baseSha: string;
  /** Where the change leaves the base: the diff begins here. */
  readonly mergeBase: string;
  /** The head as people name it: a branch, or what was asked for. */
  readonly headRef: string;
  readonly headSha: string;
  /** With what is not committed, too. */
  readonly workingTree: boolean;
}

/** @throws Trouble where a ref is not known, or there is no base, or no commit in common */
export async function findRange(
  git: Git,
  asked: { readonly base?: string | undefined; readonly head?: string | undefined },
): Promise<Range> {
  const workingTree = asked.head === undefined && !git.bare;
  const headSha = await commitOf(git, asked.head ?? "HEAD");
  if (headSha === undefined) throw unknownHead(asked.head);
  const base = asked.base === undefined ? await defaultBase(git) : await namedBase(git, asked.base);
  const mergeBase = await git.ask("merge-base", base.sha, headSha);
  if (mergeBase === undefined) throw await nothingInCommon(git, base.ref);
  const branch = await git.ask("symbolic-ref", "--quiet", "--short", "HEAD");
  return {
    baseRef: base.ref,
    baseSha: base.sha,
    mergeBase,
    headRef: asked.head ?? branch ?? headSha.slice(0, 7),
    headSha,
    workingTree,
  };
}

interface Base {
  readonly ref: string;
  readonly sha: string;
}

async function namedBase(git: Git, ref: string): Promise<Base> {
  const sha = await commitOf(git, ref);
  if (sha !== undefined) return { ref, sha };
  const remote = await commitOf(git, `origin/${ref}`);
  if (remote !== undefined) return { ref: `origin/${ref}`, sha: remote };
  throw new Trouble(
    `There is no commit "${ref}" here to compare with. Is it fetched? git fetch origin ${ref}`,
  );
}

/** The default branch, as the remotes tell it, or by the names that it mostly has. */
async function defaultBase(git: Git): Promise<Base> {
  const told = await Promise.all(
    ["origin", "upstream"].map((remote) =>
      git.ask("symbolic-ref", "--quiet", "--short", `refs/remotes/${remote}/HEAD`),
    ),
  );
  const [origin, upstream] = told;
  const refs = [origin, "origin/main", "origin/master", upstream, "upstream/main", "upstream/master"];
  for (const ref of [...refs, "main", "master", "@{upstream}"]) {
    const sha = ref === undefined ? undefined : await commitOf(git, ref);
    if (ref !== undefined && sha !== undefined) return { ref, sha };
  }
  throw new Trouble(
    "There is no main, master or remote branch here to compare with. Name the base: --base BRANCH",
  );
}

async function commitOf(git: Git, ref: string): Promise<string | undefined> {
  if (ref === "" || ref.startsWith("-")) return undefined;
  // 128: what is no ref at all, such as an @{upstream} that is not set.
  const { exitCode, stdout } = await git.run(
    ["rev-parse", "--verify", "--quiet", "--end-of-options", `${ref}^{commit}`],
    { accept: [1, 128] },
  );
  return exitCode === 0 ? stdout.toString("utf8").trim() : undefined;
}

function unknownHead(head: string | undefined): Trouble {
  if (head === undefined)
    return new Trouble("There is no commit here yet, so there is nothing to compare with.");
  return new Trouble(`There is no commit "${head}" here to review. Is it fetched? git fetch origin ${head}`);
}

async function nothingInCommon(git: Git, base: string): Promise<Trouble> {
  const problem = `The change and its base ${base} have no commit in common`;
  const shallow = (await git.ask("rev-parse", "--is-shallow-repository")) === "true";
  if (!shallow) return new Trouble(`${problem}. Name another one: --base BRANCH`);
  return new Trouble(`${problem}, since this clone is shallow. Fetch the rest: git fetch --unshallow`);
}
