const names = [
  "path",
  "lines",
  "line",
  "side",
  "severity",
  "category",
  "confidence",
  "title",
  "body",
  "quote",
  "suggestion",
  "claim",
  "verdict",
  "reason",
];

/** `name: value`, with the Markdown that models put around it. */
const pattern = new RegExp(String.raw`^[\s>*_-]*(${names.join("|")})[*_]*\s*:[*_]*(.*)$`, "is");

export interface Field {
  readonly name: string;
  readonly value: string;
}

/** Undefined for a line that is no field. */
export function readField(line: string): Field | undefined {
  const [, name, written] = pattern.exec(line) ?? [];
  if (name === undefined || written === undefined) return undefined;
  const value = written.trim();
  return { name: name.toLowerCase(), value: unquoted(value) ?? /^`([^`]+)`$/.exec(value)?.[1] ?? value };
}

/** The line that is read as this field. */
export function writeField(name: string, value: string): string {
  const line = `${name}: ${value}`;
  const plain = !value.includes("\n") && readField(line)?.value === value;
  return plain ? line : `${name}: ${JSON.stringify(value)}`;
}

function unquoted(written: string): string | undefined {
  if (!/^".*"$/s.test(written)) return undefined;
  try {
    const value: unknown = JSON.parse(written);
    return typeof value === "string" ? value : undefined;
  } catch {
    // Quotation marks of the text's own.
    return undefined;
  }
}
