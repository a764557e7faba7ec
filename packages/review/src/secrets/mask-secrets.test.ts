import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fileDiffFromPatch } from "../diff/github-file.ts";
import type { Finding } from "../model.ts";
import { placeFindings } from "../placement.ts";
import { createSecretMask } from "./known-secrets.ts";
import { isMasked, maskSecrets, secretsIn } from "./mask-secrets.ts";
import { tokenForms } from "./token-forms.ts";

/** Letters and digits as if drawn by lot. No credential stands here as it is: scanners of repositories read this, too. */
const drawn = (length: number, alphabet = "aK7xQ2mZ9bT4cW8dR3fV6gH1jN5pL0sYeXuCiBoMqDtG"): string =>
  Array.from({ length }, (_, index) => alphabet[(index * 17 + (index >> 3) * 5) % alphabet.length]).join("");
const hex = (length: number): string => drawn(length, "0a9b8c7d6e5f4321");
const capitals = (length: number): string => drawn(length, "Q7XJ2KZ5M3WB6");
const jwt = `eyJ${drawn(20)}.eyJ${drawn(40)}.${drawn(43)}`;

describe("a credential is masked by its form", () => {
  test.each<[string, string]>([
    ["GitHub token", `ghp_${drawn(36)}`],
    ["GitHub token", `ghs_${drawn(36)}`],
    ["GitHub token", `ghs_123456_${jwt}`],
    ["GitHub token", `github_pat_${drawn(22)}_${drawn(59)}`],
    ["GitLab token", `glpat-${drawn(20)}`],
    ["GitLab token", `glpat-${drawn(27)}.01.${drawn(9)}`],
    ["AWS access key id", `AKIA${capitals(16)}`],
    ["Google API key", `AIza${drawn(35)}`],
    ["Google OAuth secret", `GOCSPX-${drawn(28)}`],
    ["Google access token", `ya29.${drawn(60)}`],
    ["Azure client secret", `${drawn(3)}8Q~${drawn(34)}`],
    ["Slack token", `xoxb-123456789012-1234567890123-${drawn(24)}`],
    ["Slack token", `xapp-1-A0${capitals(9)}-1234567890123-${hex(64)}`],
    ["Stripe key", `sk_live_${drawn(24)}`],
    ["Stripe key", `rk_test_${drawn(24)}`],
    ["Anthropic API key", `sk-ant-api03-${drawn(93)}AA`],
    ["OpenAI API key", `sk-proj-${drawn(60)}`],
    ["OpenAI API key", `sk-${drawn(48)}`],
    ["npm access token", `npm_${drawn(36)}`],
    ["PyPI token", `pypi-AgEIcHlwaS5vcmc${drawn(80)}`],
    ["JWT", jwt],
    ["SendGrid key", `SG.${drawn(22)}.${drawn(43)}`],
    ["Hugging Face token", `hf_${drawn(34)}`],
    ["Databricks token", `dapi${hex(32)}`],
    ["Twilio key", `SK${hex(32)}`],
  ])("%s: %s", (kind, secret) => {
    const mask = `[secret: ${kind}, ${secret.length} characters]`;
    for (const [before, after] of [
      ["", ""],
      ['12 +const key = "', '";'],
      ["see `", "` and so on"],
      ["https://x.example/?key=", "&y=1"],
      ["(", ")\nnext"],
    ] as const) {
      expect(maskSecrets(before + secret + after)).toBe(before + mask + after);
    }
    expect(secretsIn(`a ${secret} b ${secret}`)).toEqual([secret]);
  });

  test.each<[string, string, string]>([
    ["a password in an address", `postgres://shop:${drawn(12)}@db.internal:5432/shop`, drawn(12)],
    ["a header", `Authorization: Bearer ${drawn(30)}`, drawn(30)],
    ["a header in code", `headers: { "authorization": "Basic ${drawn(23)}=" }`, `${drawn(23)}=`],
    ["an assignment", `const password = "${drawn(14)}";`, drawn(14)],
    ["one with a type", `  dbPassword: string = '${drawn(14)}',`, drawn(14)],
    ["an entry", `"client_secret": "${drawn(40)}",`, drawn(40)],
    ["an environment's line", `SECRET_KEY=${drawn(43)}=`, `${drawn(43)}=`],
    ["an entry in YAML", `  api_key: ${hex(32)}`, hex(32)],
    ["an AWS secret", `aws_secret_access_key = ${drawn(40)}`, drawn(40)],
    ["an .npmrc", `//registry.example/:_authToken=${hex(8)}-${hex(4)}`, `${hex(8)}-${hex(4)}`],
    ["Azure's connection string", `AccountName=x;AccountKey=${drawn(86)}==;`, `${drawn(86)}==`],
    [
      "an address of a Slack hook",
      `https://hooks.slack.com/services/T0${capitals(8)}/B0${capitals(8)}/${drawn(24)}`,
      `T0${capitals(8)}`,
    ],
  ])("%s", (_, text, secret) => {
    const masked = maskSecrets(text);
    expect(masked).not.toContain(secret);
    expect(isMasked(masked)).toBe(true);
    expect(secretsIn(text).join()).toContain(secret);
  });
});

describe("a private key is masked line by line", () => {
  const body = Array.from({ length: 5 }, (_, line) => drawn(64 - line));
  const last = "Qx9=";
  const kind = "OPENSSH PRIVATE KEY";
  const block = [`-----BEGIN ${kind}-----`, ...body, last, `-----END ${kind}-----`];
  const secretLines = [...body, last].map((line) => `[secret: private key, ${line.length} characters]`);
  const maskedBlock = [block[0], ...secretLines, block.at(-1)];

  test.each<[string, (line: string | undefined, index: number) => string]>([
    ["as it is", (line) => `${line}`],
    ["as added lines of a diff", (line, index) => `${index + 9} +${line}`],
    ["as unchanged ones", (line, index) => `${index + 9}  ${line}`],
    ["as removed ones", (line) => `-${line}`],
    ["in a comment", (line) => ` # ${line}`],
    ["as strings", (line) => `    "${line}\\n" +`],
    ["with carriage returns", (line) => `${line}\r`],
  ])("%s", (_, written) => {
    const around = (lines: readonly (string | undefined)[]) =>
      `before\n${lines.map(written).join("\n")}\nafter`;
    expect(maskSecrets(around(block))).toBe(around(maskedBlock));
  });

  test.each<[string, readonly string[]]>([
    ["a hunk that ends in it", block.slice(0, 4)],
    ["a hunk that begins in it", block.slice(2)],
    ["a middle that begins as such keys do", [`MIIEpAIBAAKCAQEA${drawn(48)}`, ...body]],
  ])("%s", (_, lines) => {
    const masked = maskSecrets(lines.join("\n"));
    expect(masked.split("\n")).toHaveLength(lines.length);
    for (const line of lines.filter((each) => !each.includes("-----"))) expect(masked).not.toContain(line);
  });

  test("on one line, with its line ends escaped", () => {
    const text = `key: "${block.join("\\n")}\\n"`;
    expect(maskSecrets(text)).toMatch(
      /^key: "-----BEGIN .*-----\[secret: private key, \d+ characters\]-----END/,
    );
    for (const line of body) expect(maskSecrets(text)).not.toContain(line);
  });

  test("a public one stays", () => {
    const text = block.join("\n").replaceAll("PRIVATE", "PUBLIC");
    expect(maskSecrets(text)).toBe(text);
  });
});

test.each([
  `commit ${hex(40)}`,
  `index ${hex(7)}..${hex(7)} 100644`,
  "id: 550e8400-e29b-41d4-a716-446655440000",
  `"integrity": "sha512-${drawn(86)}=="`,
  `src="data:image/png;base64,iVBORw0KGgo${drawn(900)}"`,
  `checksum = "${hex(64)}"`,
  `actions/checkout@${hex(40)} # v4`,
  'const password = request.body.password;\nif (token === "expired") throw new Error("token expired");',
  'password: "hunter"; token: "your-token-here"; secret = "${SECRET_1}"; apiKey: process.env.API_KEY_2',
  'const tokenUrl = "https://auth.example/oauth2/v2.0/token"; token_expires_at: "2023-11-16T08:47:09.000-07:00"',
  'key: "primary_key_1", "accessTokenExpiresIn", resetPassword("user-password-reset-v2")',
  "postgres://postgres:postgres@localhost/test https://user:${PASSWORD}@host https://a.example:8080/x@y",
  "Authorization: Bearer <token>\nAuthorization: Bearer ${token}",
  "sk-learn risk-management-of-some-very-long-name task-123456789012345678901234567890",
  "function eyJ() {} // AKIA and ASIA are prefixes, ghp_ is one, too",
])("ordinary code stays: %s", (text) => {
  expect(maskSecrets(text)).toBe(text);
});

const pieces = fc.constantFrom(
  ...tokenForms.flatMap(({ hints }) => hints),
  ...[10, 16, 20, 36, 64].flatMap((length) => [drawn(length), hex(length), capitals(length)]),
  "-----BEGIN PRIVATE KEY-----",
  "-----END PRIVATE KEY-----",
  "MIIEpAIBAAKCAQEA",
  "Proc-Type: ",
  "\\n",
  "12 +",
  "-",
  "password",
  "SECRET_KEY",
  "token",
  "api_key",
  "aws_secret",
  "authorization: bearer ",
  "Basic ",
  ":_authToken=",
  " = ",
  "=",
  ": ",
  ":",
  ",",
  "(",
  '"',
  "'",
  "`",
  "://",
  "x://u:",
  "@",
  "@h",
  "/",
  ".",
  "_",
  "~",
  "+",
  "[",
  "]",
  "\n",
  "\r\n",
  " ",
  "[secret: JWT, 3 characters]",
  "[secret: ",
  "é",
  "\u200B",
  "😀".slice(0, 1),
);
const hostile = fc.array(pieces, { maxLength: 20 }).map((parts) => parts.join(""));

test("whatever comes in: once is enough, and no line moves", () => {
  fc.assert(
    fc.property(hostile, (text) => {
      const masked = maskSecrets(text);
      expect(maskSecrets(masked)).toBe(masked);
      expect(masked.split("\n")).toHaveLength(text.split("\n").length);
      const lines = text.split("\n");
      masked.split("\n").forEach((line, index) => isMasked(line) || expect(line).toBe(lines[index]));
    }),
    { numRuns: 5_000 },
  );
});

test("megabytes of near misses are done in a moment", () => {
  // Were one of them quadratic, the test's own time limit would be passed many times over.
  for (const unit of [
    "eyJ",
    "eyJaaaaaaaaa.",
    "password=",
    'secret="',
    "bearer ",
    "x://y:",
    "u:p@",
    "-----BEGIN PRIVATE KEY-----\n",
    "MIIEaIBA\n",
    "AccountKey=0-",
    "SG.aaaaaaaaaaaaaaaaaaaa.",
    "0123456789abcdef",
    "aaaaaaa.atlasv1.",
    "[secret: ",
  ]) {
    expect(maskSecrets(unit.repeat(1_000_000 / unit.length)).length).toBeGreaterThan(0);
  }
});

describe("secrets that were seen", () => {
  const secret = "correct/Horse+battery9staple";
  const mask = createSecretMask([secret, "short"]);

  test.each<[string, string]>([
    ["as it is", secret],
    ["in capitals", secret.toUpperCase()],
    ["with white space inside", secret.replace("/", " / ").replace("+", "\n+")],
    ["with what can't be seen inside", secret.split("").join("\u200B")],
    ["with signs inside", secret.split("").join("-")],
    ["in marks of Markdown", secret.replace("Horse", "**Ho`rs`e**")],
    ["as full-width letters", secret.replace("correct", "ｃｏｒｒｅｃｔ")],
    ["URL-encoded", encodeURIComponent(secret)],
    ["in base64", btoa(secret)],
    ["in base64 behind another text", btoa(`user:${secret}`)],
    ["in base64url", btoa(`ab${secret}`).replaceAll("+", "-").replaceAll("/", "_")],
    ["in hexadecimal", Buffer.from(secret).toString("hex")],
    ["backwards", secret.split("").reverse().join("")],
  ])("%s", (_, written) => {
    const masked = mask(`before ${written} after`);
    expect(masked).toMatch(/^before .{0,8}\[secret: seen in the code, \d+ characters\]\n?.{0,4} after$/);
    expect(mask(masked)).toBe(masked);
  });

  test("lines stay as many, other words stay, and a short one is a word", () => {
    expect(mask(`a\n${secret.replace("/", "\n/\n")}\nb`).split("\n")).toHaveLength(5);
    const text = "a short, correct horse and a staple battery 😀 日本";
    expect(mask(text)).toBe(text);
    expect(createSecretMask([])(text)).toBe(text);
  });

  test("a text in its own right is found beside those that are told by their form", () => {
    expect(mask(`ghp_${drawn(36)} ${secret}`)).toBe(
      `[secret: GitHub token, 40 characters] [secret: seen in the code, ${secret.length} characters]`,
    );
  });
});

test("a finding that quotes a line as its model was shown it is found on that line", () => {
  const key = `ghp_${drawn(36)}`;
  const code = [
    "first();",
    `connect("${key}");`,
    `connect("${drawn(9)}");`,
    "-----BEGIN RSA PRIVATE KEY-----",
    drawn(64),
  ];
  const patch = [`@@ -0,0 +1,${code.length} @@`, ...code.map((line) => `+${line}`)].join("\n");
  const file = fileDiffFromPatch({
    path: "a.js",
    status: "added",
    additions: code.length,
    deletions: 0,
    patch,
  });
  const shown = maskSecrets(code.join("\n")).split("\n");
  const finding: Finding = {
    source: "model",
    rule: "model",
    severity: "critical",
    category: "security",
    path: "a.js",
    startLine: 1,
    endLine: 1,
    title: "A token is committed",
    body: "",
  };
  const placed = placeFindings(
    [2, 5].map((line) => ({ ...finding, quote: shown[line - 1] ?? "" })),
    [file],
  );
  expect(shown.join()).not.toContain(key);
  expect(placed).toMatchObject([
    { startLine: 2, placement: { kind: "inline", line: 2, by: "quote" } },
    { startLine: 5, placement: { kind: "inline", line: 5, by: "quote" } },
  ]);
});
