/** A list that may be cut: whole entries go in as long as there is room. */
export interface CuttableList {
  readonly before: string;
  /** Each is written when its turn comes, and only while there is room: there may be thousands. */
  readonly entries: readonly (() => string)[];
  /** Stands at the end in place of the entries that did not fit. */
  readonly leftOut: (entries: number) => string;
  readonly after: string;
}

/**
 * Puts parts together, empty lines between them, in at most `limit` characters. Texts are kept whole; lists
 * share what is left, the first one first, and say how many of their entries are left out.
 */
export function fit(parts: readonly (string | CuttableList)[], limit: number): string {
  const kept = parts.filter((part) => (typeof part === "string" ? part !== "" : part.entries.length > 0));
  let room = limit - kept.reduce((sum, part) => sum + 2 + leastLength(part), 0);
  const texts = kept.map((part) => {
    if (typeof part === "string") return part;
    const shown: string[] = [];
    for (const write of part.entries) {
      const entry = write();
      if (entry.length + 1 > room) break;
      room -= entry.length + 1;
      shown.push(entry);
    }
    const rest = part.entries.length - shown.length;
    return [part.before, ...shown, ...(rest > 0 ? [part.leftOut(rest)] : []), part.after]
      .filter(Boolean)
      .join("\n");
  });
  return texts.join("\n\n");
}

/** What a part takes with none of its entries. */
function leastLength(part: string | CuttableList): number {
  if (typeof part === "string") return part.length;
  return part.before.length + part.leftOut(part.entries.length).length + part.after.length + 3;
}
