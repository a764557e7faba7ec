import { parse, type Range, type SgNode } from "@ast-grep/napi";
import type { Finding } from "@nectr/review";
import type { Engine, SourceText } from "./analysed-file.ts";
import { isTestPath } from "./is-test-path.ts";
import { type Language, languageOf } from "./language-of.ts";
import { findingOf } from "./linter-rule.ts";
import { loadLanguages, parserName } from "./languages.ts";
import type { Rule } from "./rule.ts";
import { rules as builtInRules } from "./rules/all.ts";

/** Finds defects by the shape of the code: every rule that is written for a file's language. */
export function createRulesAnalyser(rules: readonly Rule[] = builtInRules): Engine {
  loadLanguages();
  return {
    async analyse(source) {
      const language = languageOf(source.path);
      if (language === undefined) return [];
      const root = parse(parserName(language), source.content).root();
      const file = { path: source.path, root, lines: source.content.split(/\r?\n/), lost: lostRanges(root) };
      return rulesFor(rules, language, source).flatMap((rule) => findingsOfRule(rule, file));
    },
  };
}

/** A parsed file. All that is sought in it as a whole is sought once, and not for each match. */
interface ParsedFile {
  readonly path: string;
  readonly root: SgNode;
  readonly lines: readonly string[];
  /** Where the parser lost its way: what it takes for code there may be anything. */
  readonly lost: readonly Range[];
}

function rulesFor(rules: readonly Rule[], language: Language, { path, content }: SourceText): Rule[] {
  const inTest = isTestPath(path);
  return rules.filter(
    (rule) =>
      rule.languages.includes(language) &&
      !(inTest && rule.tests === "skip") &&
      (rule.mentions === undefined || content.includes(rule.mentions)),
  );
}

function findingsOfRule(rule: Rule, file: ParsedFile): Finding[] {
  const names = rule.declared && declaredNames(rule.declared, file.root);
  if (names?.size === 0) return [];
  const { rule: matcher, constraints, utils } = rule;
  const matches = file.root.findAll({
    rule: matcher,
    ...(constraints === undefined ? {} : { constraints }),
    ...(utils === undefined ? {} : { utils }),
  });
  const found = new Map<number, Finding>();
  for (const match of matches) {
    if (names && !names.has(nameIn(match))) continue;
    const finding = findingOfMatch(rule, match, file);
    // Nested matches of one rule (`a + b + c`) are one defect.
    if (finding !== undefined && !found.has(finding.startLine)) found.set(finding.startLine, finding);
  }
  return [...found.values()];
}

function declaredNames(declared: NonNullable<Rule["declared"]>, root: SgNode): Set<string> {
  return new Set(root.findAll({ rule: declared }).map(nameIn));
}

function nameIn(match: SgNode): string {
  return match.getMatch("F")?.text() ?? "";
}

/** The outermost errors of the parse, in order. */
function lostRanges(root: SgNode): Range[] {
  const outermost: Range[] = [];
  for (const node of root.findAll({ rule: { kind: "ERROR" } })) {
    const range = node.range();
    const last = outermost.at(-1);
    if (last === undefined || range.start.index >= last.end.index) outermost.push(range);
  }
  return outermost;
}

function findingOfMatch(rule: Rule, match: SgNode, { path, lines, lost }: ParsedFile): Finding | undefined {
  const { start, end } = match.range();
  if (lost.some((range) => range.start.index <= start.index && end.index <= range.end.index))
    return undefined;
  const endLine = rule.report === "head" ? start.line : end.line;
  const suggestion = start.line === end.line ? suggestionFor(rule, match, lines[start.line]) : undefined;
  return {
    ...findingOf(rule, path, start.line + 1, endLine + 1),
    ...(suggestion === undefined ? {} : { suggestion }),
  };
}

function suggestionFor(rule: Rule, match: SgNode, line: string | undefined): string | undefined {
  if (rule.suggestion === undefined || line === undefined) return undefined;
  const { replace, by } = rule.suggestion;
  const text = match.text();
  if (text.split(replace).length !== 2 || line.split(text).length !== 2) return undefined;
  return line.replace(text, () => text.replace(replace, () => by));
}
