import type { Question } from "../engine/ports.ts";
import type { FileDiff, Finding } from "../model.ts";
import { type FileIndex, type HeadCode, indexFiles } from "../placement/file-index.ts";
import { fence } from "../prompt/fence.ts";
import { oneLine } from "../prompt/one-line.ts";
import { locationText } from "../render/location.ts";
import { countTokens } from "../tokens.ts";
import { remembered } from "../remembered.ts";
import { checkInstructions } from "./check-instructions.ts";
import { type Bounds, codeAround } from "./code-around.ts";

export interface CheckTask extends HeadCode {
  readonly findings: readonly Finding[];
  readonly files: readonly FileDiff[];
  /** Tokens of one question, instructions included. */
  readonly maxTokens: number;
}

/** Some of the claims, put to the model in one question. */
export interface CheckQuestion {
  readonly question: Question<"checks">;
  /** Which claims it is about. Claim `n` is the finding at `n - 1`, so that a number means one in all questions. */
  readonly claims: readonly number[];
}

const intro = "The claims to be checked, each with the code that it is about:";
const close = "Check every claim, and answer by its number.";

/** How much code stands with a claim: the first that fits into a question of its own. */
const bounds: readonly Bounds[] = [
  { lines: 60, characters: 500 },
  { lines: 20, characters: 300 },
  { lines: 5, characters: 150 },
];

/**
 * Puts findings to the model as claims, with their code but without what led to them: all in one question, or in as
 * few as the budget allows, in their order. A claim that fits into no question is in none. Pure: the same findings
 * make the same questions.
 */
export function buildChecks(task: CheckTask): CheckQuestion[] {
  const room = task.maxTokens - countTokens(checkInstructions) - countTokens(`${intro}\n\n${close}`);
  const batches: { claims: number[]; texts: string[]; tokens: number; codes: Map<string, number> }[] = [];
  for (const claim of claimTexts(task, room)) {
    const last = batches.at(-1);
    const said = last?.codes.get(claim.code);
    const text = said === undefined ? claim.whole : `${claim.head}\nIts code stands with claim ${said}.`;
    const tokens = said === undefined ? claim.tokens : tokensOf(text);
    const batch = last && last.tokens + tokens <= room ? last : undefined;
    if (batch) {
      batch.claims.push(claim.number);
      batch.texts.push(text);
      batch.tokens += tokens;
      if (said === undefined) batch.codes.set(claim.code, claim.number);
    } else {
      const codes = new Map([[claim.code, claim.number]]);
      batches.push({ claims: [claim.number], texts: [claim.whole], tokens: claim.tokens, codes });
    }
  }
  return batches.map(({ claims, texts }, index) => ({
    question: {
      name: `checks-${index + 1}`,
      kind: "checks",
      instructions: checkInstructions,
      prompt: [intro, ...texts, close].join("\n\n"),
      tools: true,
    },
    claims,
  }));
}

interface ClaimText {
  readonly number: number;
  readonly head: string;
  readonly code: string;
  readonly whole: string;
  readonly tokens: number;
}

function claimTexts({ findings, files, ...head }: CheckTask, room: number): ClaimText[] {
  const fileOf = indexFiles(files, head);
  const linesOf = remembered((path: string) => ({ lines: textLines(head.texts?.get(path)) }));
  return findings.flatMap((finding, at) => {
    const index = fileOf(finding.path);
    const text = index && linesOf(index.file.path).lines;
    const claim = claimText(at + 1, finding, { index, text, room });
    return claim ? [claim] : [];
  });
}

function claimText(
  number: number,
  finding: Finding,
  { index, text, room }: { index: FileIndex | undefined; text: readonly string[] | undefined; room: number },
): ClaimText | undefined {
  const head = claimHead(number, finding);
  for (const each of bounds) {
    const code = codeAround(finding, index, text, each);
    const whole = `${head}\n${code}`;
    const tokens = tokensOf(whole);
    if (tokens <= room) return { number, head, code, whole, tokens };
  }
  return undefined;
}

/** All of a claim is a model's words about a stranger's code. Only the first line of the fence can begin with `Claim`. */
function claimHead(number: number, finding: Finding): string {
  const { title, body, path } = finding;
  const lines = [
    `Claim ${number}: ${oneLine(title)}`,
    locationText({ ...finding, path: oneLine(path) }),
    ...body.split(/\r\n|[\r\n\u2028\u2029]/).map((line) => `  ${line}`),
  ];
  return fence("claim", lines.join("\n"));
}

/** With the empty line that sets it apart. */
function tokensOf(text: string): number {
  return countTokens(`${text}\n\n`);
}

function textLines(text: string | undefined): readonly string[] | undefined {
  return text?.replace(/\r\n/g, "\n").replace(/\n$/, "").split("\n");
}
