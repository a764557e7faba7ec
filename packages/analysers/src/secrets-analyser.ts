import { basename } from "node:path";
import { lintSource } from "@secretlint/core";
import { rules as secretRules } from "@secretlint/secretlint-rule-preset-recommend";
import type { Finding } from "@nectr/review";
import type { Engine } from "./analysed-file.ts";
import { secretName } from "./secret-names.ts";

/**
 * Comments such as `secretlint-disable` come from the pull request under review: it must not be able
 * to switch its reviewer off.
 */
const commentRule = "@secretlint/secretlint-rule-filter-comments";

const config = {
  rules: secretRules
    .filter((rule) => rule.meta.id !== commentRule)
    .map((rule) => ({ id: rule.meta.id, rule })),
};

/**
 * Finds credentials with secretlint's recommended rules. What a finding says is made here, never from
 * the matched text: a review is read by more people than the secret was meant for.
 */
export function createSecretsAnalyser(): Engine {
  return {
    async analyse({ path, content }) {
      const { messages } = await lintSource({
        source: { content, filePath: pathShown(path), contentType: "text" },
        options: { config, locale: "en", maskSecrets: true, noPhysicFilePath: true },
      });
      const lineAt = lineCounter(content);
      const findings = messages
        .filter((message) => !isPlaceholder(content.slice(...message.range), message.messageId))
        .map(({ messageId, range: [start, end] }) =>
          findingAt(path, messageId, lineAt(start), lineAt(Math.max(start, end - 1))),
        );
      return oneAPlace(findings);
    },
  };
}

/**
 * What secretlint is told of a path. Its rules know `.npmrc` and `*.p12` by their names, and the one for
 * `*.p12` opens the file: under a folder that does not exist it cannot be led to the reviewer's own disk.
 */
function pathShown(path: string): string {
  return `/pull-request/${basename(path)}`;
}

/** Whether a URL with a password shows none: the password or the host is made up, or the host is this machine. */
function isPlaceholder(secret: string, messageId: string): boolean {
  if (messageId !== "BasicAuth" && !messageId.endsWith("Connection")) return false;
  const url = /:\/\/(?<user>[^:/@]*):(?<password>[^@]*)@(?<host>[^:/?#\s"'`]*)/.exec(secret)?.groups;
  if (url === undefined) return true;
  const { user = "", password = "", host = "" } = url;
  return (
    password === user || placeholderPassword.test(password) || !host.includes(".") || localHost.test(host)
  );
}

/** One plain word, a variable, or what a manual writes where the password goes. */
const placeholderPassword = /^[a-z]*$|[<>{}$*%[\]]|^(x+|pass|pw|secret|test|example|change|your|my)/i;
/** This machine, a name reserved for examples, or a variable; a name without a dot is a container's. */
const localHost =
  /^(127|10)\.|^0\.0\.0\.0|^192\.168\.|(^|\.)(example|test|local|invalid|internal)(\.|$)|[<>{}$]/i;

function findingAt(path: string, messageId: string, startLine: number, endLine: number): Finding {
  return {
    source: "analyser",
    rule: "secrets/committed-secret",
    severity: "critical",
    category: "security",
    path,
    startLine,
    endLine,
    title: `${secretName(messageId) ?? "A secret"} is committed`,
    body:
      "Whoever can read this repository, its forks or its history can use this credential, and deleting " +
      "the line does not take it out of the history. Revoke it where it was issued, and read the new one " +
      "from the environment or a secret store.",
  };
}

/** Tells the line (1-based) of an index into `content`; the lines are counted once, however many are asked for. */
function lineCounter(content: string): (index: number) => number {
  const starts = [0, ...[...content.matchAll(/\n/g)].map(({ index }) => index + 1)];
  return (index) => {
    let [low, high] = [0, starts.length];
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if ((starts[middle] ?? 0) <= index) low = middle;
      else high = middle;
    }
    return low + 1;
  };
}

/** Two rules may know the same secret: one remark a line is enough. */
function oneAPlace(findings: readonly Finding[]): Finding[] {
  return [...new Map(findings.map((finding) => [finding.startLine, finding])).values()];
}
