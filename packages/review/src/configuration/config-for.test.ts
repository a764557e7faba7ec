import { describe, expect, test } from "vitest";
import { categories } from "../model.ts";
import { configFor } from "./config-for.ts";
import { createPathFilter } from "./path-filter.ts";
import { repositoryConfigSchema } from "./repository-config.ts";
import { createRuleFilter } from "./rule-filter.ts";

const config = repositoryConfigSchema.parse({
  paths: { ignore: ["**/*.snap"] },
  languages: { ignore: ["sql"] },
  findings: { minimumSeverity: "minor" },
  analysers: { disable: ["script/*"] },
  sections: [
    { directory: "apps/web", findings: { minimumSeverity: "critical", threshold: 0.9 } },
    {
      directory: "apps/web/admin",
      paths: { ignore: ["apps/web/admin/old/"] },
      languages: { ignore: ["css"] },
      findings: { categories: ["security"] },
      analysers: { disable: ["python/sql-injection"] },
    },
    { directory: "tools", paths: { include: ["**/*.py"] }, analysers: { enabled: false } },
  ],
});

describe("what counts for a file", () => {
  test("the root, outside of all sections and beside one of a longer name", () => {
    for (const path of ["README.md", "apps/website/a.ts"]) {
      expect(configFor(config, path)).toMatchObject({
        directory: undefined,
        findings: { minimumSeverity: "minor", threshold: 0.5, categories },
      });
    }
  });

  test("a section in place of the root", () => {
    expect(configFor(config, "apps/web/a.ts")).toMatchObject({
      directory: "apps/web",
      findings: { minimumSeverity: "critical", threshold: 0.9, categories },
      analysers: { enabled: true, disable: ["script/*"] },
    });
  });

  test("the deepest one, on top of the root and not of the one around it", () => {
    expect(configFor(config, "apps/web/admin/a.ts")).toMatchObject({
      directory: "apps/web/admin",
      findings: { minimumSeverity: "minor", threshold: 0.5, categories: ["security"] },
      analysers: { enabled: true, disable: ["script/*", "python/sql-injection"] },
    });
  });
});

test.each([
  ["a.snap", "ignored by .nectr.yml: **/*.snap"],
  ["apps/web/admin/a.snap", "ignored by .nectr.yml: **/*.snap"],
  ["apps/web/admin/old/a.ts", "ignored by .nectr.yml: apps/web/admin/old/"],
  ["db/x.sql", "ignored by .nectr.yml: the language sql"],
  ["apps/web/admin/x.scss", "ignored by .nectr.yml: the language css"],
  ["apps/web/x.scss", undefined],
  ["tools/x.sh", "not included by .nectr.yml"],
  ["tools/x.py", undefined],
  ["x.sh", undefined],
])("%s: %s", (path, reason) => {
  expect(createPathFilter(config)(path)).toBe(reason);
});

test.each([
  ["script/eval", "a.ts", false],
  ["python/sql-injection", "a.py", true],
  ["python/sql-injection", "apps/web/admin/a.py", false],
  ["python/sql-injection", "tools/a.py", false],
])("the rule %s on %s: %s", (rule, path, wanted) => {
  expect(createRuleFilter(config)({ rule, path })).toBe(wanted);
});
