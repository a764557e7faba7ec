import type { Severity } from "@nectr/review";
import { oneOf, readArgs } from "../read-args.ts";
import { UsageError } from "../trouble.ts";

/** The severities, and none of them. */
const failOnWords = ["critical", "moderate", "minor", "nit", "never"] as const satisfies readonly (
  | Severity
  | "never"
)[];
export type FailOn = (typeof failOnWords)[number];

const command = "nectr review";

const formats = ["terminal", "json", "sarif"] as const;

/** What `nectr review` was asked for. */
export interface ReviewCommand {
  /** The folder of the repository, or one in it. Undefined: where the command was called. */
  readonly repository: string | undefined;
  readonly base: string | undefined;
  readonly head: string | undefined;
  readonly format: (typeof formats)[number];
  readonly output: string | undefined;
  readonly failOn: FailOn;
  readonly model: boolean;
  /** A file that is used in place of the base's `.nectr.yml`. */
  readonly config: string | undefined;
}

export const reviewUsage = `Reviews a branch as a pull request would be, before there is one.

  nectr review [--base REF] [--head REF] [--repo FOLDER] [--format FORMAT] [--output FILE]
               [--fail-on SEVERITY] [--no-model] [--config FILE]

  --base      what to compare with: the remote's default branch, or main or master
  --head      the commit to review; without it, the branch with all changes that are not committed yet
              (files that git does not track are named, and not reviewed)
  --repo      the repository: where the command is called
  --format    terminal (default), json or sarif
  --output    writes the result to this file; relative to where the command is called
  --fail-on   the least severity for status 1: critical, moderate (default), minor, nit or never
  --no-model  the built-in analysers alone
  --config    a file in place of .nectr.yml of the base

The model is that of the variables in .env.example (ANTHROPIC_API_KEY, or OPENAI_BASE_URL and OPENAI_MODEL).

Status: 0 nothing found that matters, and all was read; 1 found; 2 could not review; 3 nothing found, but not all
was read. With --fail-on never it is 0 or 2.
`;

/** @throws UsageError */
export function parseReviewCommand(args: readonly string[]): ReviewCommand {
  const { values, positionals } = readArgs(
    args,
    {
      base: { type: "string" },
      head: { type: "string" },
      repo: { type: "string" },
      format: { type: "string", default: "terminal" },
      output: { type: "string" },
      "fail-on": { type: "string", default: "moderate" },
      "no-model": { type: "boolean", default: false },
      config: { type: "string" },
    },
    command,
  );
  const [extra] = positionals;
  if (extra !== undefined) {
    throw new UsageError(`review takes no "${extra}": name the base with --base.`, command);
  }
  return {
    repository: values.repo,
    base: refOf(values.base, "--base"),
    head: refOf(values.head, "--head"),
    format: oneOf(formats, values.format, "--format", command),
    output: values.output,
    failOn: oneOf(failOnWords, values["fail-on"], "--fail-on", command),
    model: !values["no-model"],
    config: values.config,
  };
}

/** What begins with a dash would be an option to git, and to whoever copies our advice. @throws UsageError */
function refOf(ref: string | undefined, option: string): string | undefined {
  if (ref !== undefined && (ref.trim() === "" || ref.startsWith("-"))) {
    throw new UsageError(`${option} takes a branch, tag or commit, and "${ref}" is no name of one.`, command);
  }
  return ref;
}
