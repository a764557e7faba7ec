/**
 * Breaks text into lines of at most `width` characters, at spaces. A word that is longer stands alone. Lines that are
 * code (in a fence, or indented by four) stay as they are, and each begins with what its first line is indented by.
 */
export function wrap(lines: readonly string[], width: number): string[] {
  let fenced = false;
  return lines.flatMap((line) => {
    const fence = /^\s*(```|~~~)/.test(line);
    const code = fenced || fence || line.startsWith("    ");
    if (fence) fenced = !fenced;
    return code ? [line] : wrapLine(line, width);
  });
}

function wrapLine(line: string, width: number): string[] {
  const [indent = ""] = /^\s*(?:[-*+] |\d+[.)] )?/.exec(line) ?? [];
  const rest = " ".repeat(indent.length);
  const wrapped: string[] = [];
  let current = indent;
  for (const word of line.slice(indent.length).split(/ +/)) {
    const begins = current === indent || current === rest;
    if (!begins && current.length + 1 + word.length > width) {
      wrapped.push(current);
      current = rest + word;
    } else current = begins ? current + word : `${current} ${word}`;
  }
  return [...wrapped, current.trimEnd()];
}
