import { type Document, isAlias, isMap, isScalar, LineCounter, type Pair, parseDocument, visit } from "yaml";
import { clip } from "../clip.ts";

/** A mistake in `.nectr.yml`, with where it begins; both numbers count from 1. */
export interface ConfigProblem {
  readonly line: number;
  readonly column: number;
  /** A sentence. What it quotes of the file stands in back-ticks. */
  readonly message: string;
}

/** What is said of a path of keys, or of the key at its end. */
export interface Remark {
  readonly path: readonly PropertyKey[];
  readonly of: "key" | "value";
  readonly message: string;
}

/** A file that was read, and where in it everything stands. */
export interface YamlFile {
  readonly value: unknown;
  readonly locate: (remark: Remark) => ConfigProblem;
}

/** Largest `.nectr.yml`, in characters. */
const largestFile = 64_000;
/** How deep lists and keys may lie in each other on one line: the parser calls itself for each. */
const deepest = 100;
const deepBlock = new RegExp(String.raw`^[ \t]*(?:[-?:][ \t]+){${deepest}}`, "m");

/** Reads YAML as data: no tags, no aliases, so that a small file can't grow into a large one. */
export function readYaml(text: string): YamlFile | { readonly problems: readonly ConfigProblem[] } {
  const tooMuch = refusal(text);
  if (tooMuch !== undefined) return { problems: [{ line: 1, column: 1, message: tooMuch }] };
  const lines = new LineCounter();
  const at = (offset: number, message: string): ConfigProblem => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col), message };
  };
  const document = parseDocument(text, {
    schema: "core",
    merge: false,
    prettyErrors: false,
    lineCounter: lines,
    // Two keys of one name are looked for below: the parser compares each with each.
    uniqueKeys: false,
  });
  const faults = [...document.errors, ...document.warnings].map(({ pos, code, message }) =>
    at(pos[0], code === "MULTIPLE_DOCS" ? "A second document begins here." : sentence(message)),
  );
  const problems = faults.length > 0 ? faults : forbidden(document, at);
  if (problems.length > 0) return { problems };
  const value: unknown = document.toJS({ maxAliasCount: 0 });
  return { value, locate: (remark) => at(offsetOf(document, remark), remark.message) };
}

function refusal(text: string): string | undefined {
  if (text.length > largestFile) return `The file is longer than ${largestFile} characters.`;
  return deepBlock.test(text) || flowDepth(text) > deepest ? "The file nests too deeply." : undefined;
}

/** At least as deep as lists and keys in brackets are. Brackets in a text count, too. */
function flowDepth(text: string): number {
  let depth = 0;
  let most = 0;
  for (const character of text) {
    if (character === "[" || character === "{") most = Math.max(most, ++depth);
    else if (character === "]" || character === "}") depth = Math.max(0, depth - 1);
  }
  return most;
}

/** What YAML allows and a configuration does not. */
function forbidden(
  document: Document,
  at: (offset: number, message: string) => ConfigProblem,
): ConfigProblem[] {
  const found: ConfigProblem[] = [];
  visit(document, {
    Alias: (_, { range }) => void found.push(at(range?.[0] ?? 0, "Aliases are not used here: write it out.")),
    Map(_, { items }) {
      const names = new Set<unknown>();
      for (const { key } of items) {
        if (isAlias(key)) continue;
        const offset = startOf(key) ?? 0;
        if (!isScalar(key)) found.push(at(offset, "A key must be a word."));
        else if (names.has(String(key.value)))
          found.push(at(offset, `${quoted(key.value)} stands here twice.`));
        // JavaScript's own names would not be seen among the keys.
        else if (key.value === "__proto__") found.push(at(offset, `Unknown key ${quoted(key.value)}.`));
        else names.add(String(key.value));
      }
    },
  });
  return found;
}

/** Where the value or the key of a remark begins; what is not there is missed in what is around it. */
function offsetOf(document: Document, { path, of }: Remark): number {
  let node: unknown = document.contents;
  let offset = startOf(node) ?? 0;
  for (const [index, step] of path.entries()) {
    const pair = isMap(node) ? node.items.find(({ key }) => nameOf(key) === String(step)) : undefined;
    node = pair === undefined ? childOf(node, step) : pair.value;
    if (pair === undefined && node === undefined) return offset;
    const wanted = of === "key" && index === path.length - 1 ? pair?.key : node;
    offset = startOf(wanted) ?? startOf(pair?.key) ?? offset;
  }
  return offset;
}

function childOf(node: unknown, step: PropertyKey): unknown {
  if (typeof node !== "object" || node === null || !("items" in node) || isMap(node)) return undefined;
  return (node.items as readonly unknown[])[Number(step)];
}

function nameOf(key: Pair["key"]): string | undefined {
  return isScalar(key) ? String(key.value) : undefined;
}

function startOf(node: unknown): number | undefined {
  if (typeof node !== "object" || node === null || !("range" in node)) return undefined;
  return (node.range as readonly number[] | null | undefined)?.[0];
}

function sentence(message: string): string {
  const line = (message.split("\n")[0] ?? "").replaceAll(/[`\p{Cc}]/gu, "'").replace(/[:.\s]+$/, "");
  return `${clip(line, 200)}.`;
}

/** Text of the file in code marks, on one line, and not too long. */
export function quoted(text: unknown): string {
  return `\`${clip(
    String(text)
      .replaceAll(/[\p{Cc}\u2028\u2029]+/gu, " ")
      .replaceAll("`", "'"),
    100,
  )}\``;
}
