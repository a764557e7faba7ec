import { firstCharacters } from "../clip.ts";
import type { EarlierFinding, FileDiff, Finding } from "../model.ts";
import { chooseEarlier, describeEarlier } from "./earlier-findings.ts";
import { describeEvidence } from "./evidence.ts";
import { fence } from "./fence.ts";
import { reviewInstructions } from "./instructions.ts";

export interface PromptInput {
  readonly pullRequest: {
    readonly title: string;
    /** "" where it has none. */
    readonly body: string;
    readonly author: string;
    readonly baseRef: string;
    readonly headRef: string;
  };
  /** A part of the diff as `planChunks` writes it, of which files; `number` counts from 1 to `count`. */
  readonly chunk: {
    readonly text: string;
    readonly number: number;
    readonly count: number;
    readonly files: readonly Pick<FileDiff, "path" | "previousPath">[];
  };
  /** The functions and classes around the changes, as `contextFor` writes them; "" for none. */
  readonly context?: string;
  /** What the analysers found; those of the chunk's files are shown. */
  readonly evidence?: readonly Finding[];
  /** The pull request's ledger; as much of it is shown as there is room for. */
  readonly earlier?: readonly EarlierFinding[];
  /** What the repository's maintainers ask of its reviewer. */
  readonly guidance?: string;
}

/** Longest description of a pull request that is shown, in characters. */
const longestDescription = 8_000;

export interface Prompt {
  readonly instructions: string;
  /** What there is to look at. The task stands behind it, so that several tasks have the same beginning. */
  readonly material: string;
  /** Earlier findings in the chunk's own files that are not shown: the model's silence says nothing of them. */
  readonly untold: readonly EarlierFinding[];
}

/** The task of a question that looks for everything. */
export const reviewTask = "Report the defects that these changes bring in.";

/**
 * What a model is sent. `instructions` are ours (and the team's) and belong into the system's message;
 * `material` holds everything out of the pull request, each piece in a fence of its own. What all chunks of a
 * review share comes first.
 */
export function buildPrompt(input: PromptInput): Prompt {
  const earlier = chooseEarlier(input.earlier ?? [], input.chunk.files);
  const parts = [
    describePullRequest(input.pullRequest),
    describeEarlier(earlier),
    describeEvidence(input.evidence ?? [], input.chunk.files),
    describeContext(input.context ?? ""),
    describeDiff(input.chunk),
  ];
  return {
    instructions: reviewInstructions(input.guidance ?? ""),
    material: parts.filter((part) => part !== "").join("\n\n"),
    untold: earlier.untold,
  };
}

function describePullRequest({ title, body, author, baseRef, headRef }: PromptInput["pullRequest"]): string {
  const text = [
    `Title: ${title}`,
    `Author: ${author}`,
    `Merges: ${headRef} into ${baseRef}`,
    `Description:\n${shortened(body.trim(), longestDescription) || "(none)"}`,
  ].join("\n");
  return `The pull request, in its author's words:\n${fence("pull-request", text)}`;
}

function describeContext(context: string): string {
  if (context === "") return "";
  return `The new code around the changes, to understand them by:\n${fence("context", context)}`;
}

function describeDiff({ text, number, count }: PromptInput["chunk"]): string {
  const which =
    count === 1
      ? "The changes:"
      : `Part ${number} of ${count} of the changes. The other parts are reviewed separately: what this one refers to may be in them.`;
  return `${which}\n${fence("diff", text)}`;
}

function shortened(text: string, length: number): string {
  if (text.length <= length) return text;
  return `${firstCharacters(text, length)}\n[${text.length - length} more characters are not shown]`;
}
