import type { FileStatus } from "../model.ts";
import type { LineReader } from "./line-reader.ts";
import { commandPaths, sidePath, unquotePath, withoutPrefix } from "./paths.ts";

/** What stands above a file's hunks. */
export interface FileHeader {
  readonly path: string;
  readonly previousPath?: string;
  readonly status: FileStatus;
  readonly binary: boolean;
}

/** Header lines as they were read, before they are weighed against each other. */
interface HeaderLines {
  /** What follows `diff --git `. */
  readonly command: string;
  from?: string;
  to?: string;
  moved?: "renamed" | "copied";
  created?: boolean;
  deleted?: boolean;
  /** Names of the `---` and `+++` lines with their prefix; `null` for /dev/null. */
  oldSide?: string | null;
  newSide?: string | null;
  binary?: boolean;
  /** A `GIT binary patch` line was seen: the data itself follows. */
  binaryData?: boolean;
}

const command = "diff --git ";

/** Reads a file's header lines, from `diff --git` to the last one before its hunks. */
export function readFileHeader(reader: LineReader): FileHeader {
  const first = reader.peek() ?? "";
  refuseForeignLine(reader, first);
  const header: HeaderLines = { command: first.slice(command.length) };
  reader.advance();
  while (readHeaderLine(header, reader.peek())) reader.advance();
  if (header.binaryData) skipBinaryData(reader);
  const paths = pathsOf(header);
  if (!paths) throw reader.error(`cannot tell which file ${JSON.stringify(first)} is about`);
  return { ...paths, status: statusOf(header), binary: (header.binary ?? header.binaryData) === true };
}

function refuseForeignLine(reader: LineReader, line: string): void {
  if (line.startsWith(command)) return;
  if (/^diff --(cc|combined) /.test(line)) {
    throw reader.error("a combined diff (of a merge) cannot be read: compare two commits");
  }
  if (line.startsWith("Submodule ")) {
    throw reader.error("a submodule's log cannot be read: run git diff with --submodule=short");
  }
  throw reader.error(`expected "diff --git", found ${JSON.stringify(line.slice(0, 80))}`);
}

/** Takes one header line into `header`; false when it is none, and the header has ended. */
function readHeaderLine(header: HeaderLines, line = ""): boolean {
  const [keyword, rest] = splitKeyword(line);
  switch (keyword) {
    case "rename from":
    case "copy from":
      header.from = unquotePath(rest);
      return true;
    case "rename to":
    case "copy to":
      header.to = unquotePath(rest);
      header.moved = keyword === "copy to" ? "copied" : "renamed";
      return true;
    case "new file mode":
      header.created = true;
      return true;
    case "deleted file mode":
      header.deleted = true;
      return true;
    case "---":
      header.oldSide = sidePath(rest) ?? null;
      return true;
    case "+++":
      header.newSide = sidePath(rest) ?? null;
      return true;
    case "Binary files":
      header.binary = true;
      return true;
    case "GIT binary patch":
      header.binaryData = true;
      return true;
    case "old mode":
    case "new mode":
    case "similarity index":
    case "dissimilarity index":
    case "index":
      return true;
    default:
      return false;
  }
}

const keywordPattern =
  /^(?:(GIT binary patch)$|((?:rename|copy) (?:from|to)|(?:new|deleted) file mode|(?:old|new) mode|(?:dis)?similarity index|index|---|\+\+\+|Binary files) )/;

function splitKeyword(line: string): [keyword: string | undefined, rest: string] {
  const [matched = "", alone, keyword] = keywordPattern.exec(line) ?? [];
  return [alone ?? keyword, line.slice(matched.length)];
}

/** Base 85 holds no space, so no line of the data can look like the next file's header. */
function skipBinaryData(reader: LineReader): void {
  if (!/^(literal|delta) \d+$/.test(reader.peek() ?? "")) throw reader.error("malformed binary patch");
  for (let line = reader.peek(); line !== undefined && !line.startsWith("diff --"); line = reader.peek()) {
    reader.advance();
  }
}

/** `rename` and `copy` lines carry bare names; `diff --git` is certain when both names are one. */
function pathsOf(header: HeaderLines): Pick<FileHeader, "path" | "previousPath"> | undefined {
  if (header.from !== undefined && header.to !== undefined) {
    return { path: header.to, previousPath: header.from };
  }
  const same = commandPaths(header.command);
  if (same) return { path: same.path };

  const oldPath = header.oldSide && withoutPrefix(header.oldSide);
  const newPath = header.newSide && withoutPrefix(header.newSide);
  const path = newPath ?? oldPath;
  if (!path) return undefined;
  return oldPath && oldPath !== path ? { path, previousPath: oldPath } : { path };
}

function statusOf(header: HeaderLines): FileStatus {
  if (header.moved) return header.moved;
  if (header.created || header.oldSide === null) return "added";
  if (header.deleted || header.newSide === null) return "removed";
  return "modified";
}
