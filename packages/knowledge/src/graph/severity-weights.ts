import type { FindingOutcome } from "./pull-request-facts.ts";

/** What a finding says of the risk of its file: a nit nothing. */
export const severityWeights: Readonly<Record<FindingOutcome["severity"], number>> = {
  critical: 4,
  moderate: 2,
  minor: 1,
  nit: 0,
};

/** What a finding's outcome says of the risk of its file: what came back says twice as much. */
export function riskOf({ severity, state }: FindingOutcome): number {
  return severityWeights[severity] * (state === "regressed" ? 2 : 1);
}
