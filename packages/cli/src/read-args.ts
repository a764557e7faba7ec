import { parseArgs, type ParseArgsOptionsConfig } from "node:util";
import { UsageError } from "./trouble.ts";

/** Options and words of a command line. @throws UsageError with what is wrong, and what can be asked for */
export function readArgs<const T extends ParseArgsOptionsConfig>(
  args: readonly string[],
  options: T,
  usage: string,
) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true });
  } catch (cause) {
    const [message] = (cause instanceof Error ? cause.message : String(cause)).split("\n");
    throw new UsageError(message ?? "", usage, { cause });
  }
}

/** One of several words. @throws UsageError */
export function oneOf<const T extends string>(
  words: readonly T[],
  value: string,
  option: string,
  usage: string,
): T {
  const word = words.find((known) => known === value);
  if (word === undefined) throw new UsageError(`${option} takes one of ${words.join(", ")}.`, usage);
  return word;
}

/** @throws UsageError */
export function wholeNumber(value: string, option: string, usage: string): number {
  if (!/^\d{1,9}$/.test(value)) throw new UsageError(`${option} takes a whole number.`, usage);
  return Number(value);
}
