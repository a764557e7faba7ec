/** What the questions of one review that are under way will cost together, as far as anyone knows. */
export interface UnderWay {
  /** US dollars. */
  readonly usd: () => number;
  /** Notes that a question begins, and what it is estimated to cost. @returns to be called when it has ended */
  begin(estimatedUsd: number): () => void;
  /** What a question has cost: those after it are expected to cost as much. */
  note(costUsd: number | undefined): void;
  /** One after the other: two that decide by the same figures would both go ahead. */
  inTurn<T>(work: () => Promise<T>): Promise<T>;
  /** Resolves when the next question has ended. */
  readonly untilOneEnds: () => Promise<void>;
}

export function createUnderWay(): UnderWay {
  let usd = 0;
  let dearestUsd = 0;
  let turn: Promise<unknown> = Promise.resolve();
  let end = Promise.withResolvers<void>();
  return {
    usd: () => usd,
    begin(estimatedUsd) {
      // With looks at files a question costs far more than its words.
      const expectedUsd = Math.max(dearestUsd, estimatedUsd);
      usd += expectedUsd;
      return () => {
        usd -= expectedUsd;
        end.resolve();
        end = Promise.withResolvers<void>();
      };
    },
    note: (costUsd = 0) => void (dearestUsd = Math.max(dearestUsd, costUsd)),
    async inTurn(work) {
      const mine = turn.then(work);
      turn = mine.catch(() => {});
      return await mine;
    },
    untilOneEnds: () => end.promise,
  };
}
