import { describe, expect, it } from "vitest";
import type { Finding } from "@nectr/review";
import type { Language } from "../src/language-of.ts";
import { createRulesAnalyser } from "../src/rules-analyser.ts";
import { rules } from "../src/rules/all.ts";
import { cryptoCases } from "./cases/crypto.ts";
import { errorCases } from "./cases/errors.ts";
import { goCases } from "./cases/go.ts";
import { injectionCases } from "./cases/injection.ts";
import { logicCases } from "./cases/logic.ts";
import { promiseCases } from "./cases/promises.ts";
import { pythonCases } from "./cases/python.ts";
import { webLanguageCases } from "./cases/web-languages.ts";

const cases = [
  ...injectionCases,
  ...promiseCases,
  ...errorCases,
  ...logicCases,
  ...cryptoCases,
  ...pythonCases,
  ...goCases,
  ...webLanguageCases,
];

const extension: Record<Language, string> = {
  typescript: "ts",
  tsx: "tsx",
  javascript: "js",
  python: "py",
  go: "go",
  java: "java",
  rust: "rs",
  ruby: "rb",
  php: "php",
};
const analyser = createRulesAnalyser();

function analyse(language: Language, content: string): Promise<Finding[]> {
  return analyser.analyse({ path: `src/shop.${extension[language]}`, content });
}

describe.each(cases)("$rule ($language)", ({ rule, language, finds, passes }) => {
  it.each(finds)("finds %j", async (content) => {
    expect((await analyse(language, content)).map((finding) => finding.rule)).toContain(rule);
  });

  it.each(passes)("passes %j", async (content) => {
    expect((await analyse(language, content)).map((finding) => finding.rule)).not.toContain(rule);
  });
});

describe("the set of rules", () => {
  it("has a table of cases for every rule, and one id a rule", () => {
    expect(rules.map((rule) => rule.id).toSorted()).toEqual(
      [...new Set(cases.map((one) => one.rule))].toSorted(),
    );
  });

  it.each(Object.keys(extension) as Language[])("compiles for %s", async (language) => {
    await expect(analyse(language, "\n")).resolves.toEqual([]);
  });

  it("reads scripts alike in TypeScript, TSX and JavaScript", async () => {
    const plain = cases.filter((one) => one.rule.startsWith("script/") && one.language === "typescript");
    for (const { rule, finds } of plain) {
      for (const language of ["javascript", "tsx"] as const) {
        const content = finds.find((one) => !one.includes("<Row>")) ?? "";
        expect([language, rule, (await analyse(language, content)).map((finding) => finding.rule)]).toEqual([
          language,
          rule,
          expect.arrayContaining([rule]),
        ]);
      }
    }
  });
});
