import { readFile } from "node:fs/promises";
import { type ConfigProblem, parseRepositoryConfig } from "@nectr/review";
import { Trouble } from "../trouble.ts";

/** Every mistake in a line, as editors and terminals make links of it. */
export function mistakesIn(file: string, problems: readonly ConfigProblem[]): string[] {
  return problems.map(({ line, column, message }) => `${file}:${line}:${column}: ${message}`);
}

/** The text of the file of `--config`: who names one wants that one. @throws Trouble with every mistake in it */
export async function readSettings(file: string): Promise<string> {
  const text = await readFile(file, "utf8").catch((cause: unknown) => {
    throw new Trouble(`--config: there is no file ${file} that can be read.`, { cause });
  });
  const { problems } = parseRepositoryConfig(text);
  if (problems.length > 0) throw new Trouble(mistakesIn(file, problems).join("\n"));
  return text;
}
