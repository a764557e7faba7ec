import { lstat, readFile, readlink, realpath } from "node:fs/promises";
import { dirname, join, sep } from "node:path";
import type { Git } from "./open-git.ts";
import type { Tree } from "./tree.ts";

type Texts = Map<string, string>;

/** Above this a file is data, which nobody reviews line by line. */
const mostBytes = 4_000_000;

/** Texts of a commit. A path that is absent, a submodule, too large or binary has none. */
export async function readCommitted(git: Git, tree: Tree, paths: readonly string[]): Promise<Texts> {
  const wanted = paths.flatMap((path) => {
    const entry = tree.get(path);
    return entry === undefined || entry.kind === "submodule" ? [] : [{ path, oid: entry.oid }];
  });
  const blobs = await readBlobs(git, [...new Set(wanted.map(({ oid }) => oid))]);
  return new Map(
    wanted.flatMap(({ path, oid }): [string, string][] => {
      const text = textOf(blobs.get(oid));
      return text === undefined ? [] : [[path, text]];
    }),
  );
}

/** Texts as they stand in the working tree, of the files that git knows. */
export async function readWorkingTree(git: Git, tree: Tree, paths: readonly string[]): Promise<Texts> {
  const texts: Texts = new Map();
  const top = await realpath(git.root);
  for (const path of paths) {
    const kind = tree.get(path)?.kind;
    if (kind === undefined || kind === "submodule") continue;
    const text = await readWithin(top, path);
    if (text === undefined) continue;
    texts.set(path, git.convertsLineEnds ? text.replaceAll("\r\n", "\n") : text);
  }
  return texts;
}

/** A link is its target's name, as git keeps it: nothing outside of the repository is read. */
async function readWithin(top: string, path: string): Promise<string | undefined> {
  const file = join(top, path);
  try {
    const folder = await realpath(dirname(file));
    if (folder !== top && !folder.startsWith(top + sep)) return undefined;
    const found = await lstat(file);
    if (found.isSymbolicLink()) return await readlink(file);
    if (!found.isFile() || found.size > mostBytes) return undefined;
    return textOf(await readFile(file));
  } catch (error) {
    // Deleted, or not for this user to read: then it has no text.
    if (error instanceof Error && "code" in error) return undefined;
    throw error;
  }
}

/** Their contents, in two calls of git however many they are. */
async function readBlobs(git: Git, oids: readonly string[]): Promise<Map<string, Buffer>> {
  if (oids.length === 0) return new Map();
  const lines = (all: readonly string[]) => all.map((oid) => `${oid}\n`).join("");
  const { stdout: sizes } = await git.run(["cat-file", "--batch-check"], { input: lines(oids) });
  const readable = sizes
    .toString("utf8")
    .split("\n")
    .flatMap((line) => {
      const [oid, type, size] = line.split(" ");
      return oid !== undefined && type === "blob" && Number(size) <= mostBytes ? [oid] : [];
    });
  const blobs = new Map<string, Buffer>();
  for (const group of inGroups(readable, 500)) {
    const { stdout } = await git.run(["cat-file", "--batch"], { input: lines(group) });
    splitBatch(stdout, blobs);
  }
  return blobs;
}

/** Reads `<oid> blob <size>\n<contents>\n`, again and again. */
function splitBatch(output: Buffer, into: Map<string, Buffer>): void {
  for (let at = 0; at < output.length;) {
    const end = output.indexOf(10, at);
    const [oid = "", , size = "0"] = output.toString("utf8", at, end).split(" ");
    const start = end + 1;
    into.set(oid, output.subarray(start, start + Number(size)));
    at = start + Number(size) + 1;
  }
}

function inGroups<T>(all: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(all.length / size) }, (_, index) =>
    all.slice(index * size, (index + 1) * size),
  );
}

function textOf(bytes: Buffer | undefined): string | undefined {
  return bytes === undefined || bytes.includes(0) ? undefined : bytes.toString("utf8");
}
