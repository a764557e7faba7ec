import type { NapiConfig } from "@ast-grep/napi";
import type { Category, Severity } from "@nectr/review";
import type { Language } from "./language-of.ts";

/**
 * A defect that can be told from the shape of the code.
 *
 * `rule`, `constraints` and `utils` are ast-grep's (https://ast-grep.github.io/reference/rule.html);
 * their regular expressions are Rust's, which know no look-around. Of the keys of one object ast-grep tries `inside`
 * before `has`, and looking up takes time in proportion to the file: what is cheap comes first, in an `all`.
 */
export interface Rule extends Pick<NapiConfig, "rule" | "constraints" | "utils"> {
  /** `<language or family>/<defect>`, the name under which findings are kept. */
  readonly id: string;
  readonly languages: readonly Language[];
  readonly severity: Severity;
  readonly category: Category;
  /** One line of plain text. */
  readonly title: string;
  /** Markdown: what happens, what to do. */
  readonly body: string;
  /** Where the defect is described: a weakness by its CWE number (`CWE-89`), or the address of documentation. */
  readonly reference: string;
  /**
   * Declarations whose `$F` the `$F` of a match must be one of. They are sought once in a file: to seek them for
   * each match would take the square of the file's length.
   */
  readonly declared?: NonNullable<NapiConfig["rule"]>;
  /** What must stand somewhere in the file, such as a module's name. */
  readonly mentions?: string;
  /**
   * Which lines of a match are reported: all of them, or for a match that encloses innocent code (a
   * callback, a loop) only the first, so that a change within it does not blame it for old sins.
   */
  readonly report: "whole" | "head";
  /** Whether the defect does harm in a test too. */
  readonly tests: "read" | "skip";
  /** What to write instead: `replace` is put right where it stands exactly once in a one-line match. */
  readonly suggestion?: { readonly replace: string; readonly by: string };
}

/** The languages of one grammar family, which most rules share. */
export const scripts = ["typescript", "tsx", "javascript"] as const satisfies readonly Language[];
