import { type LimitState, unusedLimits } from "./limit-state.ts";

/** Keeps the state of one user's limits, for all who send in their name. */
export interface LimitStore {
  /**
   * Replaces the state by what `change` makes of it, while nobody else does, and hands back its result. `change` is
   * pure. `now` is in milliseconds since 1970, by the one clock of all who share the state.
   * @throws whatever keeps it from being stored
   */
  update<T>(change: (state: LimitState, now: number) => { state: LimitState; result: T }): Promise<T>;
}

/** For one client alone, in this process. */
export function createOwnLimitStore(clock: () => number = Date.now): LimitStore {
  let kept = unusedLimits;
  return {
    async update(change) {
      const { state, result } = change(kept, clock());
      kept = state;
      return result;
    },
  };
}
