import { isWordLine } from "./word-line.ts";

const codeFence = /^\s*```\w*\s*$/;

/** Whether a line would not be read as itself everywhere in a section. */
function isSpecial(line: string): boolean {
  return isWordLine(line) || codeFence.test(line) || line.trim() === "";
}

/** The text of a section: without blank lines around it, and out of the code fence that models put around code. */
export function readSection(lines: readonly string[]): string {
  const trimmed = withoutBlankEdges(lines);
  const [first = "", last = ""] = [trimmed[0], trimmed.at(-1)];
  const fenced = trimmed.length > 1 && codeFence.test(first) && codeFence.test(last);
  return (fenced ? trimmed.slice(1, -1) : trimmed).map(unescaped).join("\n");
}

function withoutBlankEdges(lines: readonly string[]): readonly string[] {
  const first = lines.findIndex((line) => line.trim() !== "");
  return first === -1 ? [] : lines.slice(first, lines.findLastIndex((line) => line.trim() !== "") + 1);
}

function unescaped(line: string): string {
  return line.startsWith("\\") && isSpecial(line.replace(/^\\+/, "")) ? line.slice(1) : line;
}

/** The lines of a section that is read as `text`. */
export function writeSection(text: string): string[] {
  if (text === "") return [];
  const lines = text.split("\n");
  return lines.map((line, index) => {
    const bare = line.replace(/^\\+/, "");
    const edge = index === 0 || index === lines.length - 1;
    // Within a text a blank line and a code fence are what they are.
    const mistaken = bare !== line || isWordLine(line) || edge;
    return isSpecial(bare) && mistaken ? `\\${line}` : line;
  });
}
