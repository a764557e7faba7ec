/** Chance that can be had again. */
export interface Random {
  /** From 0 to below 1. */
  next(): number;
  /** From `least` to `most`, both included. */
  between(least: number, most: number): number;
  /** @throws Error where there is nothing to choose from. */
  pick<T>(from: readonly T[]): T;
}

/** @param seed what is drawn is the same for the same seed. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  // Mulberry32, https://github.com/cprosche/mulberry32
  function next(): number {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }
  const between = (least: number, most: number) => least + Math.floor(next() * (most - least + 1));
  return {
    next,
    between,
    pick(from) {
      const picked = from[between(0, from.length - 1)];
      if (picked === undefined) throw new Error("there is nothing to pick");
      return picked;
    },
  };
}
