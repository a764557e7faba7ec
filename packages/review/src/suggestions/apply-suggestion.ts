/** A text's lines, each with the line end that it has: the last one may have none. */
export function linesWithEnds(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

/** A line without its end. */
export function withoutEnd(line: string): string {
  return line.replace(/\r?\n$/, "");
}

/**
 * Puts a suggestion in place of lines, as GitHub does when somebody applies it. It takes the line ends of the lines
 * that it replaces, and where the text had no newline at its end, it has none afterwards.
 *
 * @param start the first line that goes, from 1; `end` the last one
 * @throws RangeError where the text has no such lines
 */
export function applySuggestion(text: string, start: number, end: number, suggestion: string): string {
  const lines = linesWithEnds(text);
  const [first, last] = [lines[start - 1], lines[end - 1]];
  if (first === undefined || last === undefined || start > end) {
    throw new RangeError(`the text has ${lines.length} lines, and none from ${start} to ${end}`);
  }
  const ended = first.endsWith("\n") ? first : lines[start - 2];
  const lineEnd = ended?.endsWith("\r\n") ? "\r\n" : "\n";
  const put = suggestion.replace(/\r\n?/g, "\n").split("\n").join(lineEnd);
  const lastEnd = last.slice(withoutEnd(last).length);
  return [...lines.slice(0, start - 1), put + lastEnd, ...lines.slice(end)].join("");
}
