import fc from "fast-check";
import { expect, test } from "vitest";
import { severities } from "../model.ts";
import { riskOf, risksOf } from "./risk.ts";

test("source before settings before tests before documents", () => {
  const risks = ["src/a.ts", "package.json", "test/a.ts", "README.md"].map((path) => riskOf(path));
  expect(risks).toEqual(risks.toSorted((a, b) => b - a));
  expect(risks[0]).toBe(1);
});

test.each([
  "src/auth/index.ts",
  "src/userLogin.ts",
  "app/models/LoginForm.php",
  "lib/crypto.rb",
  "internal/session/store.go",
  "billing/invoice.py",
  "db/migrations/0042_drop.sql",
  "prisma/migrate.ts",
  ".github/workflows/release.yml",
  "action.yml",
  "infra/main.tf",
  "docker/Dockerfile",
  "src/sign-in.tsx",
])("%s deals with what must not go wrong", (path) => {
  expect(riskOf(path)).toBeGreaterThanOrEqual(2);
});

test.each(["src/author.ts", "src/tokenizer.ts", "src/accessory.ts", "src/immigration.ts", "src/loginov.ts"])(
  "%s only sounds like it",
  (path) => {
    expect(riskOf(path)).toBe(1);
  },
);

test("a test or a document about it is still one", () => {
  expect(riskOf("test/auth.test.ts")).toBe(riskOf("test/a.test.ts"));
  expect(riskOf("docs/security.md")).toBe(riskOf("docs/a.md"));
});

test("property: more evidence never makes less risk, and nothing makes none or no number", () => {
  const property = fc.property(
    fc.string(),
    fc.double({ min: 0, max: 1, noNaN: true }),
    fc.constantFrom(...severities),
    (path, hotspot, worst) => {
      expect(riskOf(path)).toBeGreaterThan(0);
      expect(riskOf(path, { hotspot })).toBeGreaterThanOrEqual(riskOf(path));
      expect(riskOf(path, { hotspot, worst })).toBeGreaterThan(riskOf(path, { hotspot }));
      expect(riskOf(path, { hotspot: 1e300 })).toBe(riskOf(path, { hotspot: 1 }));
      expect(riskOf(path, { hotspot: -1 })).toBe(riskOf(path));
    },
  );
  fc.assert(property);
});

test("of several findings in a file the worst counts, in any order", () => {
  const findings = (["nit", "critical", "minor"] as const).map((severity) => ({ path: "a.ts", severity }));
  const worst = riskOf("a.ts", { worst: "critical" });
  expect(risksOf({ findings })("a.ts")).toBe(worst);
  expect(risksOf({ findings: findings.toReversed() })("a.ts")).toBe(worst);
  expect(risksOf({ findings })("b.ts")).toBe(1);
});
