import type { Rule } from "../rule.ts";
import { rustRules } from "./rust.ts";
import { rubyRules } from "./ruby.ts";
import { phpRules } from "./php.ts";
import { javaRules } from "./java.ts";
import { comparisonRules } from "./comparisons.ts";
import { cryptoRules } from "./crypto.ts";
import { errorRules } from "./errors.ts";
import { goSecurityRules } from "./go-security.ts";
import { goRules } from "./go.ts";
import { injectionRules } from "./injection.ts";
import { logicRules } from "./logic.ts";
import { passwordRules } from "./passwords.ts";
import { promiseRules } from "./promises.ts";
import { pythonInjectionRules } from "./python-injection.ts";
import { pythonSecurityRules } from "./python-security.ts";
import { pythonRules } from "./python.ts";
import { scriptSqlRules } from "./script-sql.ts";

/** Every built-in rule. */
export const rules: readonly Rule[] = [
  ...rustRules,
  ...rubyRules,
  ...phpRules,
  ...javaRules,
  ...comparisonRules,
  ...cryptoRules,
  ...errorRules,
  ...goSecurityRules,
  ...goRules,
  ...injectionRules,
  ...logicRules,
  ...passwordRules,
  ...promiseRules,
  ...pythonInjectionRules,
  ...pythonSecurityRules,
  ...pythonRules,
  ...scriptSqlRules,
];
