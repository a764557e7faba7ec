import { parse, type SgNode } from "@ast-grep/napi";
import type { CodeScope } from "@nectr/review";
import type { SourceText } from "../analysed-file.ts";
import { type Language, languageOf } from "../language-of.ts";
import { loadLanguages, parserName } from "../languages.ts";
import { scopeKinds } from "./scope-kinds.ts";
import { scopeName } from "./scope-name.ts";

/** A callback without a name of its own is worth telling from so many lines on: a shorter one explains nothing. */
const leastCallbackLines = 5;

/** A text with more functions than this was not written by hand. */
const mostScopes = 5_000;

/**
 * The functions and classes of a text, in its order, the outer before the inner.
 *
 * @returns undefined for a language that is not known, and for a text with more than 5,000 of them
 */
export function outlineText({ path, content }: SourceText): CodeScope[] | undefined {
  const language = languageOf(path);
  if (language === undefined) return undefined;
  loadLanguages();
  const nodes = parse(parserName(language), content)
    .root()
    .findAll({ rule: ruleOf(language) });
  return nodes.length > mostScopes ? undefined : nodes.flatMap((node) => scopeOf(node, language));
}

function ruleOf(language: Language): { any: { kind: string }[] } {
  const kinds = Object.values(scopeKinds[language]).flat();
  return { any: kinds.map((kind) => ({ kind })) };
}

function scopeOf(node: SgNode, language: Language): CodeScope[] {
  const kind = String(node.kind());
  // The words `class` and `module` are nodes of their own, by the same names.
  if (!node.isNamed() || (kind === "type_spec" && !isStructure(node))) return [];
  const { name, own } = scopeName(node);
  const parent = node.parent();
  const decorated = parent?.kind() === "decorated_definition" ? parent : node;
  const { start } = decorated.range();
  const { end } = node.range();
  // The end is the first position behind: at a line's start it is none of the scope's.
  const endLine = end.column === 0 && end.line > start.line ? end.line : end.line + 1;
  if (!own && endLine - start.line < leastCallbackLines) return [];
  const isClass = scopeKinds[language].class.includes(kind);
  return [{ name, kind: isClass ? "class" : "function", startLine: start.line + 1, endLine }];
}

/** Go's word for a class is a type that has members. */
function isStructure(node: SgNode): boolean {
  return ["struct_type", "interface_type"].includes(String(node.field("type")?.kind()));
}
