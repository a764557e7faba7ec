import { readField, writeField } from "./field-line.ts";
import { readSection, writeSection } from "./section-text.ts";
import { type BlockWord, readWordLine, type SectionWord } from "./word-line.ts";

/**
 * One block of a plain-text answer, which is for models that cannot be held to a schema:
 *
 *     FINDING
 *     path: src/cart.ts
 *     BODY
 *     Any lines.
 *     END
 *
 * It begins with a word on a line of its own, holds fields of one line and sections of several, and ends with END. What
 * stands between blocks is passed over: models like to talk. A line of a section that would be taken for one of these
 * words begins with a backslash.
 */
export interface Block {
  readonly word: BlockWord;
  /** Fields by their names, and sections by theirs in small letters. */
  readonly texts: ReadonlyMap<string, string>;
}

interface OpenBlock {
  readonly word: BlockWord;
  readonly fields: Map<string, string>;
  readonly sections: Map<SectionWord, string[]>;
  /** What the lines belong to that now come. */
  section?: string[];
  field?: string;
}

/** The blocks of an answer in their order. One without END goes on to the next one, or to the end. */
export function parseBlocks(answer: string): Block[] {
  const blocks: OpenBlock[] = [];
  let open: OpenBlock | undefined;
  for (const line of linesOf(answer)) {
    const says = readWordLine(line);
    if (says === undefined) {
      if (open !== undefined) addLine(open, line);
    } else if ("begins" in says) {
      open = { word: says.begins, fields: new Map(), sections: new Map() };
      if (says.number !== undefined) open.fields.set("number", says.number);
      if (says.begins === "SUMMARY") beginSection(open, "SUMMARY");
      blocks.push(open);
    } else if ("ends" in says) {
      open = undefined;
    } else if (open !== undefined) {
      beginSection(open, says.section);
    }
  }
  return blocks.map(({ word, fields, sections }) => {
    const read = [...sections].map(([name, lines]) => [name.toLowerCase(), readSection(lines)] as const);
    return { word, texts: new Map([...fields, ...read]) };
  });
}

function beginSection(block: OpenBlock, name: SectionWord): void {
  block.section = [];
  block.sections.set(name, block.section);
}

function addLine(block: OpenBlock, line: string): void {
  if (block.section !== undefined) {
    block.section.push(line);
    return;
  }
  const field = readField(line);
  if (field !== undefined) {
    block.field = field.name;
    block.fields.set(field.name, field.value);
  } else if (block.field !== undefined && line.trim() !== "") {
    // A model went on in the next line.
    block.fields.set(block.field, `${block.fields.get(block.field) ?? ""}\n${line}`);
  }
}

/** Where each line ends with CRLF, its server writes so. A single one is the text's own. */
function linesOf(answer: string): string[] {
  const lines = answer.split("\n");
  const ended = lines.slice(0, -1);
  const crlf = ended.length > 0 && ended.every((line) => line.endsWith("\r"));
  return crlf ? lines.map((line) => line.replace(/\r$/, "")) : lines;
}

/** A block that is read as these fields and sections. Undefined: absent. */
export function writeBlock(
  word: BlockWord,
  fields: Readonly<Record<string, string | number>>,
  sections: Readonly<Partial<Record<SectionWord, string>>> = {},
): string {
  const texts = Object.entries(sections).flatMap(([name, text]) => [
    ...(name === word ? [] : [name]),
    ...writeSection(text),
  ]);
  const lines = Object.entries(fields).map(([name, value]) => writeField(name, String(value)));
  return [word, ...lines, ...texts, "END"].join("\n");
}
