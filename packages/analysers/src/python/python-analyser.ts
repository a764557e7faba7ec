import { type Diagnostic, PositionEncoding, Workspace } from "@astral-sh/ruff-wasm-nodejs";
import type { Engine, SourceText } from "../analysed-file.ts";
import { isTestPath } from "../is-test-path.ts";
import { findingOf, oncePerLine, withGitLines } from "../linter-rule.ts";
import { ruffRules } from "./ruff-rules.ts";

/**
 * Our configuration, and the only one. The newest Python is assumed: what an older one refuses is found by whoever
 * runs it.
 */
const configuration = {
  "target-version": "py314",
  lint: { select: Object.keys(ruffRules), preview: false },
};

/** Finds bugs and security defects in Python with ruff. Rejects where ruff can't parse the text to its end. */
export function createPythonAnalyser(): Engine {
  const workspace = new Workspace(configuration, PositionEncoding.Utf16);
  return {
    async analyse(source) {
      // What `check` gives is described by the package, but not declared.
      const diagnostics = workspace.check(asRead(source.content)) as Diagnostic[];
      const broken = diagnostics.find(({ code }) => code === "invalid-syntax");
      if (broken !== undefined) throw new Error(`line ${broken.start_location.row} is not valid Python 3`);
      return oncePerLine(findingsIn(source, diagnostics));
    },
  };
}

/**
 * Comments such as `noqa` come from the pull request under review: it must not be able to switch its reviewer off. The
 * words are replaced wherever they stand, so that a name stays one name.
 */
function asRead(content: string): string {
  return withGitLines(content).replace(/noqa/gi, "no_a").replace(/ruff/gi, "ru_f");
}

function findingsIn({ path, content }: SourceText, diagnostics: readonly Diagnostic[]) {
  const inTest = isTestPath(path);
  const lines = content.split("\n");
  const seen = new Set<string>();
  return diagnostics.flatMap(({ code, message, start_location: start, end_location: end }) => {
    const rule = ruffRules[code ?? ""];
    if (rule === undefined || (inTest && rule.tests === "skip")) return [];
    if (code === "F821") {
      // One slip is one remark, however often the name is used.
      if (seen.has(message) || mayBeDefined(message, lines[start.row - 1]?.[start.column - 2])) return [];
      if (/\bglobals\(\)|\bexec\(/.test(content)) return [];
      seen.add(message);
    }
    // The end is the first position behind: at a line's start it is none of the defect's.
    const endLine = end.column === 1 && end.row > start.row ? end.row - 1 : end.row;
    return [findingOf(rule, path, start.row, endLine)];
  });
}

/** What only Python 2 defines, which programs for both ask for. */
const olderNames =
  /`(basestring|unicode|xrange|raw_input|long|unichr|reduce|file|cmp|execfile|buffer|intern|apply|reload|WindowsError|_|__)`/;

/** Whether a name may be defined after all: by another Python, or as a text that looks like an annotation. */
function mayBeDefined(message: string, before: string | undefined): boolean {
  return olderNames.test(message) || before === '"' || before === "'";
}
