/**
 * Whether all items are matched by a pattern in order, where some parts of the pattern stand for any number of items.
 * Where a match breaks off, the last such part takes one item more; earlier ones never need to. So the time is at
 * most the product of both lengths, whoever wrote them.
 */
export function matchSequence(
  pattern: readonly string[],
  items: readonly string[],
  rules: {
    readonly isAny: (part: string) => boolean;
    readonly matches: (part: string, item: string) => boolean;
  },
): boolean {
  let at = 0;
  let next = 0;
  /** The last part that stands for any number, and the item behind those that it has taken. */
  let any: { readonly part: number; readonly behind: number } | undefined;
  for (;;) {
    const part = pattern[at];
    const item = items[next];
    if (part !== undefined && rules.isAny(part)) {
      any = { part: at, behind: next };
      at += 1;
    } else if (item === undefined) {
      // What is left of the pattern wants an item, and further items taken would leave it fewer.
      return part === undefined;
    } else if (part !== undefined && rules.matches(part, item)) {
      at += 1;
      next += 1;
    } else if (any !== undefined) {
      any = { ...any, behind: any.behind + 1 };
      next = any.behind;
      at = any.part + 1;
    } else return false;
  }
}
