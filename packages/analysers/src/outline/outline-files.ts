import type { CodeScope } from "@nectr/review";
import { reasonToSkip, type SourceText } from "../analysed-file.ts";
import { AnalysisFailed } from "../analyser-process.ts";
import { languageOf } from "../language-of.ts";

/** Files and characters of one message: to send each file alone would take longer than to read it. */
const mostFiles = 100;
const mostCharacters = 2_000_000;

export type Outlines = Map<string, readonly CodeScope[]>;

/**
 * Outlines files, many at a time. Where a batch fails, its files are read one by one, so that what breaks a parser or
 * takes too long costs itself alone: its path is absent, like those that there is nothing to tell of.
 */
export async function outlineFiles(
  files: readonly SourceText[],
  read: (batch: readonly SourceText[]) => Promise<Outlines>,
): Promise<Outlines> {
  const outlines: Outlines = new Map();
  const readable = files.filter(
    ({ path, content }) => languageOf(path) && reasonToSkip(content) === undefined,
  );
  const tryToRead = async (batch: readonly SourceText[]): Promise<boolean> => {
    try {
      for (const [path, scopes] of await read(batch)) outlines.set(path, scopes);
      return true;
    } catch (error) {
      if (!(error instanceof AnalysisFailed)) throw error;
      return false;
    }
  };
  for (const batch of batchesOf(readable)) {
    if (await tryToRead(batch)) continue;
    if (batch.length > 1) for (const file of batch) await tryToRead([file]);
  }
  return outlines;
}

function batchesOf(files: readonly SourceText[]): SourceText[][] {
  const batches: SourceText[][] = [];
  let characters = 0;
  for (const { path, content } of files) {
    const last = batches.at(-1);
    characters += content.length;
    if (last && last.length < mostFiles && characters <= mostCharacters) last.push({ path, content });
    else {
      batches.push([{ path, content }]);
      characters = content.length;
    }
  }
  return batches;
}
