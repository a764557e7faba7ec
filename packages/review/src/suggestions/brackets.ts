const pairs = ["()", "[]", "{}"] as const;

/** For each kind of bracket, how many more are opened than closed, and how far it falls below none on the way. */
type Balance = readonly { readonly sum: number; readonly lowest: number }[];

/** Strings that end on their line. Brackets in others and in comments are counted, before and after alike. */
const strings = /"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\\n]|\\.)*`/g;

export function bracketBalance(text: string): Balance {
  const code = text.replace(strings, "");
  return pairs.map(([open, close]) => {
    let [sum, lowest] = [0, 0];
    for (const character of code) {
      if (character === open) sum += 1;
      if (character === close) sum -= 1;
      lowest = Math.min(lowest, sum);
    }
    return { sum, lowest };
  });
}

/**
 * Whether a text's brackets are out of balance after some of its lines were replaced, more than they were before: more
 * are left open or closed in the whole, or the new lines close what the old ones did not.
 */
export function breaksBrackets(whole: Balance, replaced: string, replacement: string): boolean {
  const [before, after] = [bracketBalance(replaced), bracketBalance(replacement)];
  return whole.some(({ sum }, kind) => {
    const [old, next] = [before[kind], after[kind]];
    if (!old || !next) return false;
    return Math.abs(sum - old.sum + next.sum) > Math.abs(sum) || next.lowest < old.lowest;
  });
}
