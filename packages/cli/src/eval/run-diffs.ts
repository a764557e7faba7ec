import { readdir, readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { DiffError } from "@nectr/review";
import { plainLine } from "../output/plain-text.ts";
import { count } from "../output/words.ts";
import { Trouble } from "../trouble.ts";
import { checkPlacement, type PlacementCheck } from "./check-placement.ts";
import type { EvalCommand } from "./eval-command.ts";
import { measurePacking, type NamedDiff, type PackingFigures } from "./measure-packing.ts";
import { seededRandom } from "./random-control.ts";
import { packingLines, placementWords } from "./render-diffs.ts";
import type { EvalDeps } from "./run-eval.ts";

type Command = Extract<EvalCommand, { kind: "diffs" }>;

/** A small call, where it counts what goes first, and one as reviews have them. */
const budgets = [8_000, 24_000];

/**
 * For every diff in a folder: is each comment on a line that GitHub takes, is no finding lost, and is all of it read.
 * @returns 1 where one is not, or a diff cannot be read
 */
export async function runDiffs(deps: EvalDeps, { folder }: Command): Promise<number> {
  const random = seededRandom(1);
  const readable: NamedDiff[] = [];
  const checks: PlacementCheck[] = [];
  const wrong: string[] = [];
  for (const diff of await diffsIn(resolve(deps.directory, folder))) {
    deps.tell(`Placement: ${diff.name}`);
    try {
      const check = checkPlacement(diff.text, random);
      readable.push(diff);
      checks.push(check);
      wrong.push(...placementFaults(diff.name, check));
    } catch (error) {
      if (!(error instanceof DiffError)) throw error;
      wrong.push(`${diff.name} cannot be read: ${error.message}`);
    }
  }
  deps.print(`${placementWords(checks)}\n`);
  for (const maxTokens of budgets) {
    deps.tell(`Packing into calls of ${maxTokens} tokens`);
    const figures = measurePacking(readable, { maxTokens });
    deps.print(`${packingLines(figures).join("\n")}\n`);
    wrong.push(...packingFaults(figures));
  }
  deps.print(wrong.map((fault) => `${plainLine(fault)}\n`).join(""));
  return wrong.length > 0 ? 1 : 0;
}

async function diffsIn(folder: string): Promise<NamedDiff[]> {
  const names = await readdir(folder).catch((cause: unknown) => {
    throw new Trouble(`There is no folder ${folder} with diffs.`, { cause });
  });
  const diffs = names.filter((name) => name.endsWith(".diff")).toSorted();
  if (diffs.length === 0) throw new Trouble(`There is no *.diff in ${folder}.`);
  return await Promise.all(
    diffs.map(async (name) => ({ name, text: await readFile(join(folder, name), "utf8") })),
  );
}

function placementFaults(name: string, { refused, lost }: PlacementCheck): string[] {
  return [
    ...refused.map(
      ({ comment, faults }) =>
        `${name}: GitHub would refuse ${comment.path}:${comment.line} (${faults.join(", ")})`,
    ),
    ...(lost > 0 ? [`${name}: ${count(lost, "finding")} lost`] : []),
  ];
}

function packingFaults({ maxTokens, hunks, calls }: PackingFigures): string[] {
  const what = `Calls of ${count(maxTokens, "token")}`;
  return [
    ...(hunks.lost > 0 ? [`${what}: ${count(hunks.lost, "hunk")} neither reviewed nor listed`] : []),
    ...(calls.overBudget > 0 ? [`${what}: ${count(calls.overBudget, "call")} over budget`] : []),
  ];
}
