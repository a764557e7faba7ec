import type { CodeScope } from "../engine/ports.ts";
import type { FileDiff } from "../model.ts";
import { count } from "../render/words.ts";
import type { RiskEvidence } from "../selection/risk.ts";
import { countBareTokens, withMargin, withoutMargin } from "../tokens.ts";
import type { Chunk } from "./chunk.ts";
import type { Enclosing } from "./enclosing.ts";
import { createExcerpt, type Excerpt } from "./excerpt.ts";
import { byImportance } from "./render-by-importance.ts";

/** What a chunk's changes are understood by. */
export interface ChunkContext {
  /** Lines of the new version, as `render.ts` writes them. From the pull request, and not trusted. "" for none. */
  readonly text: string;
  /** What `text` takes of a budget, the margin included. */
  readonly tokens: number;
}

export interface ContextOptions {
  /** The new version's texts, by path. */
  readonly texts: ReadonlyMap<string, string>;
  readonly scopes: ReadonlyMap<string, readonly CodeScope[]>;
  readonly maxTokens: number;
  /** What decides which functions come first where there is no room for all. */
  readonly evidence?: RiskEvidence;
}

/** Lines around a change that are shown of a long function, as far as there is room; at last its head and end alone. */
const windows = [20, 5, 0, undefined] as const;

/**
 * The innermost function or class around each change of a chunk, with the heads of what is around that:
 *
 *     === src/shop.ts
 *     3  export class Shop {
 *     … 40 lines left out
 *     44    total(items: Item[]) {
 *     45      let sum = 0;
 *     … lines 46 to 50 are among the changes
 *     51    }
 *
 * Lines that the chunk shows are not shown again. Of a long function its head, its end and what is around the changes is
 * shown. Where there is no room for all, those come first that `planChunks` takes first; of what does not fit less is
 * shown, at last nothing, and it is counted.
 */
export function contextFor(chunk: Pick<Chunk, "files">, options: ContextOptions): ChunkContext {
  const { texts, scopes, maxTokens, evidence } = options;
  const files = chunk.files.map(({ file }) => file);
  const excerpts = new Map<FileDiff, Excerpt>();
  for (const file of files) {
    const excerpt = createExcerpt(file, texts.get(file.path), scopes.get(file.path) ?? []);
    if (excerpt) excerpts.set(file, excerpt);
  }

  let room = withoutMargin(maxTokens) - countBareTokens(leftOut(1_000_000));
  let missing = 0;
  for (const { file, hunk } of byImportance(files, evidence)) {
    const excerpt = excerpts.get(file);
    for (const enclosing of excerpt?.enclosing(hunk) ?? []) {
      const tokens = excerpt && takeWhatFits(excerpt, enclosing, room);
      if (tokens === undefined) missing += 1;
      else room -= tokens;
    }
  }
  const shown = files.map((file) => excerpts.get(file)?.text() ?? "").join("");
  const text = shown + (missing === 0 ? "" : leftOut(missing));
  return { text, tokens: withMargin(countBareTokens(text)) };
}

/** Undefined where not even the head of a function fits. */
function takeWhatFits(excerpt: Excerpt, enclosing: Enclosing, room: number): number | undefined {
  for (const window of windows) {
    const tokens = excerpt.take(enclosing, window, room);
    if (tokens !== undefined) return tokens;
  }
  return undefined;
}

function leftOut(functions: number): string {
  return `… ${count(functions, "function")} around changes left out for want of room\n`;
}
