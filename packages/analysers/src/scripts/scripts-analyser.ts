import { fileURLToPath } from "node:url";
import type { Engine, SourceText } from "../analysed-file.ts";
import { isTestPath } from "../is-test-path.ts";
import { findingOf, oncePerLine, withGitLines } from "../linter-rule.ts";
import { type Diagnostic, type LanguageServer, startLanguageServer } from "./language-server.ts";
import { oxlintRules } from "./oxlint-rules.ts";

/** Milliseconds for one text: less than an analyser has, so that a slow one does not cost this process too. */
const limitMs = 8_000;

/** A folder that does not exist: no configuration, no `tsconfig.json` and no plugin lies beside what is read. */
const root = "/pull-request";

/**
 * Finds bugs in JavaScript and TypeScript with oxlint. It runs as a language server, which is given the text itself: no
 * file is written, and a start, which takes longer than the reading, is needed once. Rejects where it cannot parse
 * the text to its end.
 */
export function createScriptsAnalyser(): Engine {
  let server: Promise<LanguageServer> | undefined;
  return {
    async analyse(source) {
      server ??= startOxlint();
      try {
        const diagnostics = await (
          await server
        ).diagnose(source.path, languageId(source.path), asRead(source.content));
        return oncePerLine(findingsIn(source, diagnostics));
      } catch (error) {
        if (!(error instanceof NotParsed)) server = undefined;
        throw error;
      }
    },
  };
}

/** Our configuration, given by name; others are not looked for. */
function startOxlint(): Promise<LanguageServer> {
  const configPath = fileURLToPath(new URL("./oxlint.json", import.meta.url));
  const program = new URL("./dist/cli.js", import.meta.resolve("oxlint/package.json"));
  return startLanguageServer({
    args: [fileURLToPath(program), "--lsp"],
    root,
    initializationOptions: [
      { workspaceUri: `file://${root}`, options: { configPath, disableNestedConfig: true, run: "onType" } },
    ],
    limitMs,
  });
}

class NotParsed extends Error {
  override readonly name = "NotParsed";
}

/** oxlint does not obey ESLint's comments by its configuration; its own are taken away here. */
function asRead(content: string): string {
  return withGitLines(content).replace(/oxlint(?=-)/gi, "oxl_nt");
}

function findingsIn({ path, content }: SourceText, diagnostics: readonly Diagnostic[]) {
  const inTest = isTestPath(path);
  const lines = content.split("\n");
  return diagnostics.flatMap((diagnostic) => {
    const { severity, code = "", range } = diagnostic;
    // A hint points to what a diagnostic beside it is about, too.
    if (severity !== undefined && severity > 2) return [];
    if (code === "") throw new NotParsed(`line ${range.start.line + 1} cannot be parsed`);
    const rule = oxlintRules[code];
    if (rule === undefined || (inTest && rule.tests === "skip")) return [];
    const { start, end } = range;
    const text = lines[start.line]?.slice(start.character) ?? "";
    if (isMeant(code, text, diagnostic.message, path)) return [];
    const lastLine = end.character === 0 && end.line > start.line ? end.line - 1 : end.line;
    return [findingOf(rule, path, start.line + 1, lastLine + 1)];
  });
}

/** Whether a finding is none after all: what oxlint's rule takes in, and ours does not speak of. */
function isMeant(code: string, text: string, message: string, path: string): boolean {
  switch (code) {
    // Where the callback's value decides; `map` may leave holes on purpose.
    case "eslint(array-callback-return)":
      return !/\.(filter|some|every|find|findIndex)"/.test(message);
    // Bundlers write down a module's exports in code that is never run.
    case "eslint(no-constant-binary-expression)":
      return text.startsWith("0 && (module.exports");
    // An error that was caught before, and is thrown when all is tidied up.
    case "eslint(no-unsafe-finally)":
      return text.startsWith("throw");
    // Other libraries name their functions like hooks.
    case "react-hooks(rules-of-hooks)":
      return !/\.[jt]sx$/i.test(path);
    default:
      return false;
  }
}

function languageId(path: string): string {
  const react = /x$/i.test(path) ? "react" : "";
  return `${/\.[cm]?tsx?$/i.test(path) ? "typescript" : "javascript"}${react}`;
}
