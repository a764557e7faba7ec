import { defineConfig } from "oxlint";
import { importRules } from "./infra/checks/import-rules.ts";

const useFakes = "Pass a fake through the function's deps instead.";

export default defineConfig({
  plugins: ["eslint", "typescript", "unicorn", "oxc", "import", "node", "vitest"],
  categories: { correctness: "error" },
  options: { typeAware: true, reportUnusedDisableDirectives: "error" },
  rules: {
    "import/no-cycle": "error",
    "import/no-default-export": "error",
    "max-lines": ["error", { max: 250 }],
    "no-empty": "error",
    "no-unused-vars": [
      "error",
      { argsIgnorePattern: "^_", varsIgnorePattern: "^_", ignoreRestSiblings: true },
    ],
    "node/no-process-env": "error",
    "preserve-caught-error": "error",
    "typescript/consistent-type-imports": "error",
    "typescript/no-explicit-any": "error",
    "typescript/no-floating-promises": "error",
    "typescript/no-misused-promises": "error",
    // Code points are what a spread text is meant to give.
    "typescript/no-misused-spread": ["error", { allow: [{ from: "lib", name: "string" }] }],
    "typescript/no-non-null-assertion": "error",
    "typescript/no-require-imports": "error",
    "typescript/only-throw-error": "error",
    "typescript/switch-exhaustiveness-check": ["error", { considerDefaultExhaustiveForUnions: true }],
    "unicorn/filename-case": ["error", { case: "kebabCase" }],
    "vitest/no-restricted-vi-methods": ["error", { mock: useFakes, doMock: useFakes }],

    // The methods of our plain objects use no `this`: they may be taken off and passed on.
    "typescript/unbound-method": "off",

    // Properties are asserted by fast-check, and by functions of the tests' own.
    "vitest/expect-expect": "off",
    "vitest/no-conditional-expect": "off",
    "vitest/no-standalone-expect": "off",
    "vitest/require-mock-type-parameters": "off",
    "vitest/require-to-throw-message": "off",
    "vitest/valid-describe-callback": "off",
    "vitest/valid-title": "off",
  },
  overrides: [
    ...importRules(),
    { files: ["**/config.ts", "vitest.config.ts"], rules: { "node/no-process-env": "off" } },
    {
      files: ["**/*.config.ts", "infra/vitest/global-setup.ts"],
      rules: { "import/no-default-export": "off" },
    },
    {
      files: ["**/*.test.ts", "**/test/**", "e2e/**"],
      rules: { "max-lines": "off", "typescript/no-non-null-assertion": "off" },
    },
  ],
});
