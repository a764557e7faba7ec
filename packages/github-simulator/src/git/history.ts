import { gitText, runGit } from "./run.ts";
import { lines } from "./refs.ts";

export interface Signature {
  readonly name: string;
  readonly email: string;
  /** ISO 8601, in UTC. */
  readonly date: string;
}

export interface Commit {
  readonly sha: string;
  readonly tree: string;
  readonly parents: readonly string[];
  readonly author: Signature;
  readonly committer: Signature;
  readonly message: string;
}

const fields = ["%H", "%T", "%P", "%an", "%ae", "%at", "%cn", "%ce", "%ct", "%B"];
const format = `--format=${fields.join("%x00")}%x01`;

/** Commits in git's own order (newest first), from `range`: a ref, or `a..b`. */
export async function listCommits(
  dir: string,
  range: string,
  options: { path?: string; reverse?: boolean } = {},
): Promise<Commit[]> {
  const order = options.reverse ? ["--reverse", "--topo-order"] : [];
  const paths = options.path ? ["--", options.path] : ["--"];
  const text = await gitText(dir, ["log", format, ...order, "--end-of-options", range, ...paths]);
  return text
    .split("\x01")
    .flatMap((record) => (record.trim() === "" ? [] : [parseCommit(record.trimStart())]));
}

/** One commit; the sha must exist. */
export async function readCommit(dir: string, sha: string): Promise<Commit> {
  const [commit] = await listCommits(dir, `${sha}^!`);
  if (!commit) throw new Error(`no commit ${sha}`);
  return commit;
}

/** The best common ancestor; undefined for unrelated histories. */
export async function mergeBase(dir: string, left: string, right: string): Promise<string | undefined> {
  const { exitCode, stdout } = await runGit(dir, ["merge-base", left, right], { accept: [1] });
  return exitCode === 0 ? stdout.toString("utf8").trim() : undefined;
}

/** True where `ancestor` is reachable from `descendant`. */
export async function isAncestor(dir: string, ancestor: string, descendant: string): Promise<boolean> {
  const args = ["merge-base", "--is-ancestor", ancestor, descendant];
  return (await runGit(dir, args, { accept: [1, 128] })).exitCode === 0;
}

/** The shas of `from..to`, oldest first. */
export async function shasBetween(dir: string, from: string, to: string): Promise<string[]> {
  return lines(await gitText(dir, ["rev-list", "--reverse", "--topo-order", `${from}..${to}`]));
}

function parseCommit(record: string): Commit {
  const [sha = "", tree = "", parents = "", an = "", ae = "", at = "", cn = "", ce = "", ct = "", ...body] =
    record.split("\0");
  return {
    sha,
    tree,
    parents: parents === "" ? [] : parents.split(" "),
    author: { name: an, email: ae, date: fromSeconds(at) },
    committer: { name: cn, email: ce, date: fromSeconds(ct) },
    message: body.join("\0").trimEnd(),
  };
}

function fromSeconds(seconds: string): string {
  return new Date(Number(seconds) * 1000).toISOString().replace(".000Z", "Z");
}
