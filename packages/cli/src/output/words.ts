import type { ReviewCost } from "@nectr/review";

/** `1 file`, `2 files`, `1,234 files`. */
export function count(number: number, one: string, many = `${one}s`): string {
  return `${number.toLocaleString("en-US")} ${number === 1 ? one : many}`;
}

/** What a model has used, and what that costs where it is known. */
export function costWords({ inputTokens, outputTokens, costUsd }: ReviewCost): string {
  const tokens = `${count(inputTokens, "token")} in, ${outputTokens.toLocaleString("en-US")} out`;
  return costUsd === undefined ? `${tokens}, at a price that is not known` : `${tokens}, ${dollars(costUsd)}`;
}

export function dollars(usd: number): string {
  return usd > 0 && usd < 0.01 ? "less than $0.01" : `$${usd.toFixed(2)}`;
}
