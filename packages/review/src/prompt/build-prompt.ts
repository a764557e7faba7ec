import type { EarlierFinding, FileDiff } from "../model.ts";
import { chooseEarlier, describeEarlier } from "./earlier-findings.ts";
import { fence } from "./fence.ts";
import { reviewInstructions } from "./instructions.ts";
import { oneLine } from "./one-line.ts";

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
  /** The full new text of files that the chunk changes, where there is room for it. */
  readonly fileContents?: readonly { readonly path: string; readonly content: string }[];
  /** The pull request's ledger; as much of it is shown as there is room for. */
  readonly earlier?: readonly EarlierFinding[];
  /** The team's guidance out of `.nectr.yml`. */
  readonly instructions?: string;
}

/** Longest description of a pull request that is shown, in characters. */
const longestDescription = 8_000;

export interface Prompt {
  readonly instructions: string;
  readonly prompt: string;
  /** Earlier findings in the chunk's own files that are not shown: the model's silence says nothing of them. */
  readonly untold: readonly EarlierFinding[];
}

/**
 * What a model is sent. `instructions` are ours (and the team's) and belong into the system's message;
 * `prompt` holds everything out of the pull request, each piece in a fence of its own. What all chunks of a
 * review share comes first.
 */
export function buildPrompt(input: PromptInput): Prompt {
  const earlier = chooseEarlier(input.earlier ?? [], input.chunk.files);
  const parts = [
    describePullRequest(input.pullRequest),
    describeEarlier(earlier),
    describeFiles(input.fileContents ?? []),
    describeDiff(input.chunk),
    "Report the defects that these changes bring in.",
  ];
  return {
    instructions: reviewInstructions(input.instructions ?? ""),
    prompt: parts.filter((part) => part !== "").join("\n\n"),
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

function describeFiles(files: readonly { readonly path: string; readonly content: string }[]): string {
  if (files.length === 0) return "";
  const shown = files.map(({ path, content }) => fence("file", `=== ${oneLine(path)}\n${numbered(content)}`));
  return ["The new version of changed files in full, to understand the changes by:", ...shown].join("\n");
}

function describeDiff({ text, number, count }: PromptInput["chunk"]): string {
  const which =
    count === 1
      ? "The changes:"
      : `Part ${number} of ${count} of the changes. The other parts are reviewed separately: what this one refers to may be in them.`;
  return `${which}\n${fence("diff", text)}`;
}

/** Numbered as the diff's unchanged lines are. */
function numbered(content: string): string {
  const lines = content.replace(/\r\n/g, "\n").replace(/\n$/, "").split("\n");
  return lines.map((line, index) => `${index + 1}  ${line}`).join("\n");
}

function shortened(text: string, length: number): string {
  if (text.length <= length) return text;
  return `${text.slice(0, length)}\n[${text.length - length} more characters are not shown]`;
}
