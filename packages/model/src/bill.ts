import { createMeter, type Meter } from "./meter.ts";
import type { Price } from "./prices.ts";
import type { ModelUsage } from "./review-model.ts";

/** What one question costs, over all models that are asked it. */
export interface Bill {
  /** The meter of one more model. */
  meter(price: Price | undefined): Meter;
  usage(): ModelUsage;
  steps(): number;
}

export function createBill(): Bill {
  const meters: Meter[] = [];
  const sum = (of: (meter: Meter) => number) => meters.reduce((total, each) => total + of(each), 0);
  return {
    meter(price) {
      const meter = createMeter(price);
      meters.push(meter);
      return meter;
    },
    usage() {
      const paid = meters.filter((each) => each.steps() > 0).map((each) => each.usage());
      const total = (of: (usage: ModelUsage) => number) => paid.reduce((all, each) => all + of(each), 0);
      return {
        inputTokens: total((each) => each.inputTokens),
        cachedInputTokens: total((each) => each.cachedInputTokens),
        outputTokens: total((each) => each.outputTokens),
        // With one price missing the sum would be too low, and look like the whole.
        costUsd: paid.some(({ costUsd }) => costUsd === undefined)
          ? undefined
          : total(({ costUsd = 0 }) => costUsd),
      };
    },
    steps: () => sum((each) => each.steps()),
  };
}
