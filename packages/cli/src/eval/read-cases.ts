import { readdir, readFile, stat } from "node:fs/promises";
import { basename, join, resolve, sep } from "node:path";
import {
  type Change,
  DiffError,
  guidanceFor,
  parseDiff,
  parseRepositoryConfig,
  type EnginePorts,
} from "@nectr/review";
import { z } from "zod";
import { findRange } from "../git/find-range.ts";
import { openGit } from "../git/open-git.ts";
import { readLocalChange } from "../review/local-change.ts";
import { Trouble } from "../trouble.ts";
import type { EvalCase } from "./eval-case.ts";
import type { ExpectedFinding } from "./span.ts";

/** `expected.json`. Keys that are not named here are not read. */
const expectedSchema = z.object({
  language: z.string().default("unknown"),
  base: z.string().optional(),
  head: z.string().optional(),
  findings: z.array(
    z.object({
      path: z.string(),
      side: z.enum(["LEFT", "RIGHT"]).default("RIGHT"),
      start_line: z.int().positive().nullish(),
      line: z.int().positive(),
      severity: z.enum(["critical", "moderate", "minor", "nit"]).optional(),
      text: z.string(),
    }),
  ),
});

type Expected = z.infer<typeof expectedSchema>;

/**
 * Reads the cases in a folder, by name; or the one case that it is.
 * @throws Trouble that names the case that cannot be read
 */
export async function readCases(folder: string): Promise<EvalCase[]> {
  if (await exists(join(folder, "expected.json"))) return [await readCase(folder)];
  const entries = await readdir(folder, { withFileTypes: true }).catch((cause: unknown) => {
    throw new Trouble(`There is no folder ${folder} with cases.`, { cause });
  });
  const names = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  const cases: EvalCase[] = [];
  for (const name of names.toSorted()) {
    const path = join(folder, name);
    if (await exists(join(path, "expected.json"))) cases.push(await readCase(path));
  }
  if (cases.length > 0) return cases;
  throw new Trouble(`There is no case in ${folder}: a case is a folder with expected.json and change.diff.`);
}

async function readCase(folder: string): Promise<EvalCase> {
  const expected = await readExpected(join(folder, "expected.json"));
  const named = {
    name: basename(folder),
    language: expected.language,
    expected: expected.findings.map(toExpected),
  };
  if (await exists(join(folder, "change.diff"))) return { ...named, ...(await changeOfDiff(folder)) };
  if (await exists(join(folder, "repository"))) return { ...named, ...(await changeOfGit(folder, expected)) };
  throw new Trouble(
    `The case ${folder} has neither change.diff nor a folder "repository" with a git repository.`,
  );
}

async function readExpected(file: string): Promise<Expected> {
  try {
    return expectedSchema.parse(JSON.parse(await readFile(file, "utf8")));
  } catch (cause) {
    const problem = cause instanceof z.ZodError ? z.prettifyError(cause) : String(cause);
    throw new Trouble(`${file} cannot be read: ${problem}`, { cause });
  }
}

function toExpected(finding: Expected["findings"][number]): ExpectedFinding {
  const { path, side, start_line: start, line, severity, text } = finding;
  return {
    path,
    side: side === "LEFT" ? "old" : "new",
    startLine: Math.min(start ?? line, line),
    endLine: Math.max(start ?? line, line),
    ...(severity !== undefined && { severity }),
    text,
  };
}

type Read = Omit<EvalCase, "name" | "language" | "expected">;

async function changeOfDiff(folder: string): Promise<Read> {
  const file = join(folder, "change.diff");
  const files = readDiffFile(await readFile(file, "utf8"), file);
  const { config } = parseRepositoryConfig(undefined);
  const change: Change = {
    key: { repositoryId: 0, number: 0, headSha: "0".repeat(40), generation: 0 },
    // What the pull request said of itself is not stored, and what a reviewer makes of the code should not need it.
    pullRequest: { title: "", body: "", author: "", baseRef: "main", headRef: basename(folder) },
    files,
    filesChanged: files.length,
    config,
    guidance: guidanceFor(config, files, new Map()),
    failures: [],
    earlier: [],
  };
  return { change, files, readTexts: textsOf(join(folder, "head")), place: undefined };
}

function readDiffFile(text: string, file: string) {
  try {
    return parseDiff(text);
  } catch (cause) {
    if (!(cause instanceof DiffError)) throw cause;
    throw new Trouble(`${file} is no diff of git's: ${cause.message}`, { cause });
  }
}

/** The stored texts. Those with `.txt` behind their name are there too, out of the way of linters. */
function textsOf(folder: string): EnginePorts["readTexts"] {
  const top = resolve(folder) + sep;
  return async (side, paths) => {
    const texts = new Map<string, string>();
    if (side === "base") return texts;
    for (const path of paths) {
      const file = resolve(folder, path);
      if (!file.startsWith(top)) continue;
      const name = (await exists(file)) ? file : `${file}.txt`;
      if (await exists(name)) texts.set(path, await readFile(name, "utf8"));
    }
    return texts;
  };
}

async function changeOfGit(folder: string, { base, head }: Expected): Promise<Read> {
  if (base === undefined || head === undefined) {
    throw new Trouble(`${join(folder, "expected.json")} names no base and head of its repository.`);
  }
  const git = await openGit(join(folder, "repository"));
  const range = await findRange(git, { base, head });
  const { change, readTexts, place } = await readLocalChange(git, range, undefined);
  return { change, files: change.files, readTexts, place };
}

async function exists(path: string): Promise<boolean> {
  return await stat(path).then(
    () => true,
    () => false,
  );
}
