import { gitText, runGit } from "./run.ts";
import { branchTip } from "./refs.ts";

interface NewCommit {
  readonly branch: string;
  /** The commit that a new branch starts from; undefined for a first commit. */
  readonly startSha: string | undefined;
  /** By path: its new content, or null to delete it. */
  readonly files: Readonly<Record<string, string | Uint8Array | null>>;
  readonly message: string;
  readonly author: { readonly name: string; readonly email: string };
  readonly at: Date;
}

/** Writes a commit onto a branch by way of fast-import, which needs no working tree. Returns its sha. */
export async function writeCommit(dir: string, commit: NewCommit): Promise<string> {
  await runGit(dir, ["fast-import", "--quiet", "--force"], { input: fastImportStream(commit) });
  const sha = await branchTip(dir, commit.branch);
  if (!sha) throw new Error(`fast-import left no branch ${commit.branch}`);
  return sha;
}

/** Merges `head` into `base` where that needs no help. Returns the merge commit's sha, undefined on a conflict. */
export async function writeMerge(
  dir: string,
  merge: { base: string; head: string; message: string; author: { name: string; email: string }; at: Date },
): Promise<string | undefined> {
  const result = await runGit(dir, ["merge-tree", "--write-tree", merge.base, merge.head], { accept: [1] });
  if (result.exitCode === 1) return undefined;
  const tree = result.stdout.toString("utf8").split("\n")[0] ?? "";
  const stamp = stampOf(merge);
  const object =
    `tree ${tree}\nparent ${merge.base}\nparent ${merge.head}\n` +
    `author ${stamp}\ncommitter ${stamp}\n\n${merge.message}\n`;
  return (await gitText(dir, ["hash-object", "-t", "commit", "-w", "--stdin"], { input: object })).trim();
}

function stampOf({ author, at }: Pick<NewCommit, "author" | "at">): string {
  return `${author.name} <${author.email}> ${Math.floor(at.getTime() / 1000)} +0000`;
}

function fastImportStream(commit: NewCommit): Buffer {
  const stamp = stampOf(commit);
  const parts: (string | Uint8Array)[] = [
    `commit refs/heads/${commit.branch}\nauthor ${stamp}\ncommitter ${stamp}\n`,
    ...data(commit.message),
    commit.startSha ? `from ${commit.startSha}\n` : "",
  ];
  for (const [path, content] of Object.entries(commit.files)) {
    if (content === null) parts.push(`D ${quote(path)}\n`);
    else parts.push(`M 100644 inline ${quote(path)}\n`, ...data(content));
  }
  return Buffer.concat(parts.map((part) => Buffer.from(part)));
}

function data(content: string | Uint8Array): (string | Uint8Array)[] {
  const bytes = Buffer.from(content);
  return [`data ${bytes.length}\n`, bytes, "\n"];
}

/** fast-import's C-style quoting. */
function quote(path: string): string {
  return `"${path.replace(/[\\"]/g, (character) => `\\${character}`).replace(/\n/g, "\\n")}"`;
}
