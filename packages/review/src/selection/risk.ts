import type { Finding, Severity } from "../model.ts";
import { type FileKind, kindOf } from "./rank.ts";

/** What is known of changed files besides their names. All of it may be absent. */
export interface RiskEvidence {
  /** How much has gone wrong in a file before, from 0 to 1, by path. */
  readonly hotspots?: ReadonlyMap<string, number>;
  /** What analysers found. */
  readonly findings?: readonly Pick<Finding, "path" | "severity">[];
}

const byKind: Readonly<Record<FileKind, number>> = { source: 1, data: 0.7, test: 0.25, document: 0.1 };

const bySeverity: Readonly<Record<Severity, number>> = { critical: 4, moderate: 3, minor: 2, nit: 1.25 };

/** How often a file counts whose defects let strangers in, lose data or cost money. */
const sensitive = 3;

/** How often a file counts in which everything has gone wrong before. */
const hottest = 3;

/** Words of names of folders and files, whole: `auth` is not in `author`, nor `token` in `tokenizer`. */
const sensitiveWords =
  /(?:^|[/._-])(?:auth|authn|authz|authentication|authorization|authorize|oauth2?|oidc|saml|sso|login|logins|signin|sign-in|session|sessions|cookie|cookies|jwt|csrf|cors|token|tokens|password|passwords|passwd|credential|credentials|secret|secrets|security|crypto|cryptography|cipher|encrypt|encryption|decrypt|signature|signatures|certificate|certificates|tls|ssl|permission|permissions|acl|rbac|access|admin|sudo|sandbox|payment|payments|billing|invoice|invoices|checkout|charge|refund|wallet|migrations?|migrate|webhooks?|upload|uploads|deserialize|sanitize|sanitizer|escape)(?=$|[/._-])/i;

/** What is run with a repository's own rights, or builds what is shipped. */
const pipelines =
  /^\.github\/(?:workflows|actions)\/|(?:^|\/)(?:\.gitlab-ci\.ya?ml|Jenkinsfile|azure-pipelines\.ya?ml|Dockerfile[^/]*|[^/]+\.tf|action\.ya?ml)$|^\.circleci\//;

/**
 * How much harm a defect in a file may do, beside that of an ordinary source file, which is 1: by what the file is,
 * what it deals with, what went wrong in it before and what analysers found. Its size is not in it.
 *
 * @param evidence of this file: `hotspot` from 0 to 1, `worst` the severity of the worst finding in it
 */
export function riskOf(
  path: string,
  evidence: { readonly hotspot?: number | undefined; readonly worst?: Severity | undefined } = {},
): number {
  const kind = kindOf(path);
  const deals = (kind === "source" || kind === "data") && isSensitive(path) ? sensitive : 1;
  const hotspot = Math.min(1, Math.max(0, evidence.hotspot ?? 0));
  const found = evidence.worst === undefined ? 1 : bySeverity[evidence.worst];
  return byKind[kind] * deals * (1 + (hottest - 1) * hotspot) * found;
}

/** The same for every file of a change, by its path. Looks through the evidence once. */
export function risksOf({ hotspots, findings = [] }: RiskEvidence): (path: string) => number {
  const worst = new Map<string, Severity>();
  for (const { path, severity } of findings) {
    const known = worst.get(path);
    if (known === undefined || bySeverity[severity] > bySeverity[known]) worst.set(path, severity);
  }
  return (path) => riskOf(path, { hotspot: hotspots?.get(path), worst: worst.get(path) });
}

function isSensitive(path: string): boolean {
  // `userLogin` and `LoginForm` are words in one, as those between dots and dashes are.
  return pipelines.test(path) || sensitiveWords.test(path.replace(/([a-z\d])([A-Z])/g, "$1-$2"));
}
