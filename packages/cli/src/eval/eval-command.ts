import { readArgs, wholeNumber } from "../read-args.ts";
import { UsageError } from "../trouble.ts";

/** What `nectr eval` was asked for. Folders and files are relative to where it was called. */
export type EvalCommand =
  | {
      readonly kind: "cases";
      /** Empty: those that Nectr brings. */
      readonly folders: readonly string[];
      readonly model: ChosenModel;
      /** The model that judges which comments say what was expected; undefined: lines tell. */
      readonly judge: string | undefined;
      readonly save: string | undefined;
      readonly compare: string | undefined;
      /** Of the random control. */
      readonly seed: number;
    }
  | { readonly kind: "diffs"; readonly folder: string }
  | {
      readonly kind: "replay";
      readonly questions: string;
      /** In place of the configured one. */
      readonly model: string | undefined;
      /** A file in place of the stored instructions. */
      readonly instructions: string | undefined;
      readonly limit: number;
    };

/** `with`: the configured one, or another of the same provider. */
export type ChosenModel =
  | { readonly use: "none" }
  | { readonly use: "with"; readonly name: string | undefined };

const command = "nectr eval";

export const evalUsage = `Measures reviews.

  nectr eval [FOLDER]... [--model NAME | --no-model] [--judge NAME] [--save FILE] [--compare FILE] [--seed N]
  nectr eval --diffs FOLDER
  nectr eval replay --questions FOLDER [--model NAME] [--instructions FILE] [--limit N]

  FOLDER       cases: folders with change.diff, head/ and expected.json; without one, those that Nectr brings
  --model      another model of the configured provider
  --no-model   the built-in analysers alone, which costs nothing
  --judge      a model of the configured provider decides which comments say what was expected; without it the
               lines do: same file, same side, at least one line in common, one comment for one finding
  --save       keeps the figures in a file
  --compare    shows what is different from such a file
  --seed       of the random control (1)
  --diffs      for every *.diff in the folder: is each comment on a line that GitHub takes, and is all of it read
  replay       asks the questions of a folder again, and shows what would change; posts nothing

Status: 0; 1 where --diffs finds a comment that GitHub would refuse, or a finding that is lost; 2 could not run.
`;

/** @throws UsageError */
export function parseEvalCommand(args: readonly string[]): EvalCommand {
  const [first, ...rest] = args;
  if (first === "replay") return parseReplay(rest);
  const { values, positionals } = readArgs(
    args,
    {
      diffs: { type: "string" },
      model: { type: "string" },
      "no-model": { type: "boolean", default: false },
      judge: { type: "string" },
      save: { type: "string" },
      compare: { type: "string" },
      seed: { type: "string", default: "1" },
    },
    command,
  );
  const { diffs, model, judge, save, compare, seed, "no-model": noModel } = values;
  if (diffs !== undefined) {
    const others = [model, judge, save, compare, ...positionals].some((value) => value !== undefined);
    if (others || noModel) throw new UsageError("--diffs stands alone: no model reads them.", command);
    return { kind: "diffs", folder: diffs };
  }
  if (noModel && model !== undefined) {
    throw new UsageError("--model and --no-model do not go together.", command);
  }
  return {
    kind: "cases",
    folders: positionals,
    model: noModel ? { use: "none" } : { use: "with", name: model },
    judge,
    save,
    compare,
    seed: wholeNumber(seed, "--seed", command),
  };
}

function parseReplay(args: readonly string[]): EvalCommand {
  const { values, positionals } = readArgs(
    args,
    {
      questions: { type: "string" },
      model: { type: "string" },
      instructions: { type: "string" },
      limit: { type: "string", default: "50" },
    },
    command,
  );
  const [extra] = positionals;
  if (extra !== undefined) throw new UsageError(`replay takes no "${extra}".`, command);
  const { questions, model, instructions } = values;
  if (questions === undefined) {
    throw new UsageError("replay takes the folder of stored questions: --questions FOLDER", command);
  }
  const limit = wholeNumber(values.limit, "--limit", command);
  return { kind: "replay", questions, model, instructions, limit };
}
