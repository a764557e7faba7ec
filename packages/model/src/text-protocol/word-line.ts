/** Words that begin a block, that begin a section within one, and the one that ends it. */
const blockWords = ["NO FINDINGS", "NO CHECKS", "SUMMARY", "FINDING", "CHECK"] as const;
const sectionWords = ["QUOTE", "BODY", "SUGGESTION"] as const;
const endWord = "END";

export type BlockWord = (typeof blockWords)[number];
export type SectionWord = (typeof sectionWords)[number] | "SUMMARY";

/** A word on a line of its own, perhaps with a number, and with the Markdown that models put around it. */
const pattern = new RegExp(
  String.raw`^(?:#+ |[*_]+)?(?:(${blockWords.join("|")})|(${sectionWords.join("|")})|(${endWord}))(?: +#?(\d+))?[\s:.*_]*$`,
);

export type WordLine =
  | { readonly begins: BlockWord; readonly number: string | undefined }
  | { readonly section: SectionWord }
  | { readonly ends: true };

/** What a line says in the protocol; undefined for an ordinary one. */
export function readWordLine(line: string): WordLine | undefined {
  const [matched, block, section, end, number] = pattern.exec(line) ?? [];
  if (matched === undefined) return undefined;
  if (end !== undefined) return { ends: true };
  const begins = blockWords.find((word) => word === block);
  if (begins !== undefined) return { begins, number };
  const within = sectionWords.find((word) => word === section);
  return within === undefined ? undefined : { section: within };
}

export function isWordLine(line: string): boolean {
  return readWordLine(line) !== undefined;
}
