import type { Finding, SourceText } from "@nectr/review";

export type { ChangedText as AnalysedFile, SourceText } from "@nectr/review";

/** What reads a text. */
export interface Engine {
  /**
   * Names a text's defects, old and new, each with all of its lines.
   *
   * @throws where it cannot read the text to its end: an error whose message says why, and quotes nothing of it
   */
  analyse(source: SourceText): Promise<Finding[]>;
}

/** An analyser: what it reads is known before its engine is loaded, which takes time and memory. */
export interface Analyser {
  /** What it looks at, in words that a review's reader understands. */
  readonly name: string;
  /** Whether it reads the file at this path at all. */
  reads(path: string): boolean;
  load(): Promise<Engine>;
}

const maxBytes = 1_000_000;
const maxLineLength = 5_000;

/**
 * Why a text is not worth an analyser's time: above a megabyte, or with a line of more than 5,000
 * characters, it is data or a build's output, and a parser could take very long over it.
 */
export function reasonToSkip(content: string): string | undefined {
  if (Buffer.byteLength(content) > maxBytes) return "larger than 1 MB";
  const hasLongLine = content.split("\n").some((line) => line.length > maxLineLength);
  return hasLongLine ? "has a line of more than 5,000 characters" : undefined;
}
