import { createPathFilter } from "../configuration/path-filter.ts";
import { addedLines } from "../diff/lines.ts";
import { baseTextOf } from "../diff/base-text.ts";
import type { FileDiff } from "../model.ts";
import { isLockFile } from "../selection/lock-files.ts";
import type { Change } from "./change.ts";
import type { ChangedText, EnginePorts, SourceText } from "./ports.ts";

/** Texts fetched at most; beyond, the analysers would take longer than a person waits. */
const mostTexts = 3_000;

/** The texts that a review works on. */
export interface Texts {
  /** New texts of what is read, by path. */
  readonly head: ReadonlyMap<string, string>;
  /** What analysers look through: the changed files with a text, and what they were before. */
  readonly changed: readonly ChangedText[];
  /** Lock files before and after. */
  readonly locks: readonly { readonly path: string; readonly base: string; readonly head: string }[];
  readonly failures: readonly string[];
}

/** Fetches texts: all new ones at once, and old ones only where the diff does not tell them. */
export async function fetchTexts(
  ports: Pick<EnginePorts, "readTexts">,
  { files, config }: Pick<Change, "files" | "config">,
  selected: readonly FileDiff[],
): Promise<Texts> {
  const wanted = selected.slice(0, mostTexts);
  const unwanted = createPathFilter(config);
  const locks = files.filter(
    ({ path, status }) => isLockFile(path) && status !== "removed" && unwanted(path) === undefined,
  );
  const head = await ports.readTexts("head", pathsOf([...wanted, ...locks]));
  const changed = wanted.flatMap((file) => changedText(file, head));
  const unreadLocks = locks.filter(({ path }) => !head.has(path));
  const unread = wanted.filter(({ path, additions }) => additions > 0 && !head.has(path));
  const beyond = selected.length - wanted.length;
  return {
    head,
    changed,
    locks: await lockTexts(ports, locks, head),
    failures: [
      ...unread.map(
        ({ path }) => `${path}: its full text could not be read, so the analysers did not see it`,
      ),
      ...unreadLocks.map(
        ({ path }) => `${path}: it could not be read, so its dependencies were not compared`,
      ),
      ...(beyond > 0
        ? [`${beyond} files beyond the first ${mostTexts} were not shown to the analysers`]
        : []),
    ],
  };
}

function changedText(file: FileDiff, head: ReadonlyMap<string, string>): ChangedText[] {
  const content = head.get(file.path);
  if (content === undefined) return [];
  const base = baseTextOf(file, content);
  return [
    { path: file.path, content, addedLines: addedLines(file), ...(base === undefined ? {} : { base }) },
  ];
}

/** GitHub shows no diff of a large lock file: its text before is asked for. */
async function lockTexts(
  ports: Pick<EnginePorts, "readTexts">,
  locks: readonly FileDiff[],
  head: ReadonlyMap<string, string>,
): Promise<Texts["locks"]> {
  const readable = locks.flatMap((file) => {
    const text = head.get(file.path);
    return text === undefined ? [] : [{ file, head: text, base: baseTextOf(file, text) }];
  });
  const untold = readable.flatMap(({ file, base }) =>
    base === undefined ? [file.previousPath ?? file.path] : [],
  );
  const before = untold.length === 0 ? new Map<string, string>() : await ports.readTexts("base", untold);
  return readable.flatMap(({ file: { path, previousPath }, head: now, base }) => {
    const was = base ?? before.get(previousPath ?? path);
    return was === undefined ? [] : [{ path, head: now, base: was }];
  });
}

function pathsOf(files: readonly Pick<SourceText, "path">[]): string[] {
  return [...new Set(files.map(({ path }) => path))];
}
