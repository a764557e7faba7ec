import type { LinterRule } from "../linter-rule.ts";
import { ruffPage } from "./ruff-page.ts";

const correctness = { severity: "moderate", category: "correctness", tests: "read" } as const;
const likely = { ...correctness, severity: "minor" } as const;

const format = {
  ...correctness,
  id: "python/broken-format",
  title: "The format and its values do not fit",
  body: "This raises an error, or leaves out a value, whenever the line runs. Give each placeholder its value.",
};
const logging = {
  ...likely,
  id: "python/broken-logging-format",
  title: "The message and its values do not fit",
  body: "Logging drops the record and prints a traceback instead. Give each placeholder one argument.",
};

/** Rules of ruff on formats and what is put into them, by their codes. */
export const ruffFormatRules: Readonly<Record<string, LinterRule>> = {
  F502: { ...format, reference: ruffPage("percent-format-expected-mapping") },
  F503: { ...format, reference: ruffPage("percent-format-expected-sequence") },
  F505: { ...format, reference: ruffPage("percent-format-missing-argument") },
  F506: { ...format, reference: ruffPage("percent-format-mixed-positional-and-named") },
  F507: { ...format, reference: ruffPage("percent-format-positional-count-mismatch") },
  F509: { ...format, reference: ruffPage("percent-format-unsupported-format-character") },
  F521: { ...format, reference: ruffPage("string-dot-format-invalid-format") },
  F524: { ...format, reference: ruffPage("string-dot-format-missing-arguments") },
  F525: { ...format, reference: ruffPage("string-dot-format-mixing-automatic") },
  PLE1300: { ...format, reference: ruffPage("bad-string-format-character") },
  PLE1307: { ...format, reference: ruffPage("bad-string-format-type") },
  PLE1205: { ...logging, reference: ruffPage("logging-too-many-args") },
  PLE1206: { ...logging, reference: ruffPage("logging-too-few-args") },
};
