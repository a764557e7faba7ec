import fc from "fast-check";
import { inject } from "vitest";

declare module "vitest" {
  export interface ProvidedContext {
    /** Where properties begin to draw their examples. */
    propertySeed: number;
  }
}

/**
 * Properties begin at one seed, so that a run that fails, fails again, and fails for what was changed. To explore,
 * give another: `PROPERTY_SEED=$RANDOM npm test`. A counterexample found so becomes an example of its own.
 */
fc.configureGlobal({ seed: inject("propertySeed") });
