import type { EarlierFinding } from "../model.ts";
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
  /** A part of the diff as `splitIntoChunks` writes it; `number` counts from 1 to `count`. */
  readonly chunk: { readonly text: string; readonly number: number; readonly count: number };
  /** The full new text of files that the chunk changes, where there is room for it. */
  readonly fileContents?: readonly { readonly path: string; readonly content: string }[];
  /** The pull request's ledger. */
  readonly earlier?: readonly EarlierFinding[];
  /** The team's guidance out of `.nectr.yml`. */
  readonly instructions?: string;
}

/** Longest description of a pull request that is shown, in characters. */
const longestDescription = 8_000;

/**
 * What a model is sent. `instructions` are ours (and the team's) and belong into the system's message;
 * `prompt` holds everything out of the pull request, each piece in a fence of its own. What all chunks of a
 * review share comes first.
 */
export function buildPrompt(input: PromptInput): { instructions: string; prompt: string } {
  const parts = [
    describePullRequest(input.pullRequest),
    describeEarlier(input.earlier ?? []),
    describeFiles(input.fileContents ?? []),
    describeDiff(input.chunk),
    "Report the defects that these changes bring in.",
  ];
  return {
    instructions: reviewInstructions(input.instructions ?? ""),
    prompt: parts.filter((part) => part !== "").join("\n\n"),
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

function describeEarlier(earlier: readonly EarlierFinding[]): string {
  const list = (state: (finding: EarlierFinding) => boolean): string =>
    earlier
      .filter(state)
      .map((finding) => `${finding.path}: ${finding.title}`)
      .join("\n");
  const open = list(({ state }) => state !== "dismissed");
  const dismissed = list(({ state }) => state === "dismissed");
  const parts = [
    open === ""
      ? ""
      : `Reported on earlier pushes. Where such a defect is in the changes below, report it again under exactly the same title; where it is repaired, do not.\n${fence("earlier-findings", open)}`,
    dismissed === ""
      ? ""
      : `Dismissed by the team. Do not report these again.\n${fence("dismissed-findings", dismissed)}`,
  ];
  return parts.filter((part) => part !== "").join("\n\n");
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

function oneLine(text: string): string {
  return text.replace(/[\r\n\u2028\u2029]+/g, " ");
}
