import type { CodeScope, GitHubFile } from "@nectr/review";

/** A large pull request as GitHub tells it, made of nothing but a number of files. */
export interface LargeChange {
  readonly files: readonly GitHubFile[];
  /** The new version of every file, and the functions in it. */
  readonly texts: ReadonlyMap<string, string>;
  readonly scopes: ReadonlyMap<string, readonly CodeScope[]>;
}

const functionLines = 20;
const folders = ["src/orders", "src/auth", "src/billing", "lib/search", "test/orders", "docs", "config"];
const nouns = ["order", "invoice", "customer", "parcel", "price", "stock", "session", "refund", "report"];
const verbs = ["load", "save", "check", "merge", "send", "count", "find", "render", "cancel", "update"];

/**
 * Makes a change of so many files, each of some hundred lines with a third of them added: new files, and files that
 * were changed in several places. The same number of files makes the same change.
 */
export function makeLargeChange(count: number): LargeChange {
  const texts = new Map<string, string>();
  const scopes = new Map<string, readonly CodeScope[]>();
  const files = Array.from({ length: count }, (_, index): GitHubFile => {
    const path = `${folders[index % folders.length] ?? ""}/${word(nouns, index)}-${index}.ts`;
    const isNew = index % 3 === 0;
    const lines = Array.from({ length: isNew ? 33 : 120 }, (__, line) => lineOf(index, line));
    texts.set(path, `${lines.join("\n")}\n`);
    scopes.set(path, functionsIn(lines.length));
    const { patch, additions, deletions } = isNew ? wholePatch(lines) : patchInPlaces(lines);
    return { path, status: isNew ? "added" : "modified", patch, additions, deletions };
  });
  return { files, texts, scopes };
}

/** Of each function the first line opens it, and the last closes it. */
function lineOf(file: number, line: number): string {
  const [noun, verb] = [word(nouns, file + line), word(verbs, file * 3 + line)];
  const place = line % functionLines;
  if (place === 0) return `export async function ${verb}${capital(noun)}${line}(${noun}Id: string) {`;
  if (place === functionLines - 1) return "}";
  if (place % 9 === 0) return "";
  if (place % 3 === 0) return `  if (${noun}.total > ${(file * 31 + line) % 997}) return ${verb}(${noun}Id);`;
  return `  const ${noun}${line} = await ${verb}(${noun}Id);`;
}

function functionsIn(lines: number): CodeScope[] {
  return Array.from({ length: Math.ceil(lines / functionLines) }, (_, index) => ({
    name: `f${index}`,
    kind: "function",
    startLine: index * functionLines + 1,
    endLine: Math.min(lines, (index + 1) * functionLines),
  }));
}

interface Patch {
  readonly patch: string;
  readonly additions: number;
  readonly deletions: number;
}

function wholePatch(lines: readonly string[]): Patch {
  const patch = `@@ -0,0 +1,${lines.length} @@\n+${lines.join("\n+")}`;
  return { patch, additions: lines.length, deletions: 0 };
}

/** Three places, each eleven lines that were one. */
function patchInPlaces(lines: readonly string[]): Patch {
  const hunks = [8, 48, 88].map((start, index) => {
    const of = (from: number, to: number, sign: string) => sign + lines.slice(from - 1, to).join(`\n${sign}`);
    const body = [
      of(start, start + 2, " "),
      "-  return undefined;",
      of(start + 3, start + 13, "+"),
      of(start + 14, start + 16, " "),
    ];
    const oldStart = start - index * 10;
    return `@@ -${oldStart},7 +${start},17 @@ export async function f() {\n${body.join("\n")}`;
  });
  return { patch: hunks.join("\n"), additions: 33, deletions: 3 };
}

function word(words: readonly string[], index: number): string {
  return words[index % words.length] ?? "";
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
