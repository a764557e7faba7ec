import { isUtf8 } from "node:buffer";
import { readBlob, treeEntry } from "../git/objects.ts";
import { resolveCommit } from "../git/refs.ts";

/** A git object in the schema's words. */
export interface GitObject {
  readonly __typename: "Blob" | "Tree" | "Commit";
  readonly oid: string;
  readonly text?: string | null;
  readonly isBinary?: boolean | null;
  readonly isTruncated?: boolean;
  readonly byteSize?: number;
}

/** What an expression names, `commit` or `commit:path`; null where it names nothing. */
export async function gitObject(dir: string, expression: string): Promise<GitObject | null> {
  const colon = expression.indexOf(":");
  const commit = await resolveCommit(dir, colon === -1 ? expression : expression.slice(0, colon));
  if (!commit) return null;
  if (colon === -1) return { __typename: "Commit", oid: commit };
  const path = expression.slice(colon + 1);
  const entry = path === "" ? undefined : await treeEntry(dir, commit, path);
  // A submodule's commit is no object of this repository.
  if (!entry || entry.type === "commit") return null;
  if (entry.type === "tree") return { __typename: "Tree", oid: entry.sha };
  return presentBlob(entry.sha, await readBlob(dir, entry.sha));
}

/** Of a longer file GitHub gives so many bytes, and does not say whether it is binary. */
const mostTextBytes = 512_000;
/** Where git looks for a NUL. */
const binaryBytes = 8_000;

function presentBlob(oid: string, bytes: Buffer): GitObject {
  const isTruncated = bytes.length > mostTextBytes;
  const isBinary = bytes.subarray(0, binaryBytes).includes(0);
  const shown = bytes.subarray(0, mostTextBytes);
  return {
    __typename: "Blob",
    oid,
    byteSize: bytes.length,
    isTruncated,
    isBinary: isTruncated ? null : isBinary,
    text: isBinary ? null : textOf(shown),
  };
}

/** In UTF-8, whatever the file is in. */
function textOf(bytes: Buffer): string {
  return isUtf8(bytes) ? bytes.toString("utf8") : bytes.toString("latin1");
}
