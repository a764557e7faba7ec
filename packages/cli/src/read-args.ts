import { parseArgs, type ParseArgsOptionsConfig } from "node:util";
import { UsageError } from "./trouble.ts";

/** Options and words of a command line. @throws UsageError with what is wrong */
export function readArgs<const T extends ParseArgsOptionsConfig>(
  args: readonly string[],
  options: T,
  command: string,
) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true });
  } catch (cause) {
    throw new UsageError(mistakeOf(cause, options), command, { cause });
  }
}

/** Node tells the option in quotes, and the kind of mistake by a code: https://nodejs.org/api/errors.html */
function mistakeOf(cause: unknown, options: ParseArgsOptionsConfig): string {
  const { message, code } =
    cause instanceof Error ? (cause as NodeJS.ErrnoException) : { message: String(cause) };
  const [, option] = /'(-[^' ]*)/.exec(message) ?? [];
  if (option === undefined) return message.split("\n")[0] ?? "";
  if (code === "ERR_PARSE_ARGS_UNKNOWN_OPTION") return `There is no option ${option}.`;
  return options[option.slice(2)]?.type === "boolean"
    ? `${option} takes no value.`
    : `${option} needs a value.`;
}

/** One of several words. @throws UsageError */
export function oneOf<const T extends string>(
  words: readonly T[],
  value: string,
  option: string,
  command: string,
): T {
  const word = words.find((known) => known === value);
  if (word === undefined) throw new UsageError(`${option} takes one of ${words.join(", ")}.`, command);
  return word;
}

/** @throws UsageError */
export function wholeNumber(value: string, option: string, command: string): number {
  if (!/^\d{1,9}$/.test(value)) throw new UsageError(`${option} takes a whole number.`, command);
  return Number(value);
}
