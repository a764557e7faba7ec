import { generateKeyPairSync, randomBytes } from "node:crypto";
import { rules as secretRules } from "@secretlint/secretlint-rule-preset-recommend";
import { expect, it } from "vitest";
import { secretName } from "../src/secret-names.ts";
import { createSecretsAnalyser } from "../src/secrets-analyser.ts";

const analyser = createSecretsAnalyser();
const letters = (count: number) => randomBytes(count).toString("hex").slice(0, count);

/** Keys that look real, made afresh for each run. */
const githubToken = `ghp_${letters(36)}`;
const slackToken = ["xoxb", "123456789012", "123456789012", letters(24)].join("-");
const stripeKey = ["sk", "live", letters(24)].join("_");
const awsSecret = letters(40);
const privateKey = generateKeyPairSync("rsa", {
  modulusLength: 2048,
  publicKeyEncoding: { type: "spki", format: "pem" },
  privateKeyEncoding: { type: "pkcs1", format: "pem" },
}).privateKey;
const databaseUrl = `postgres://shop:${letters(16)}9@db.shop.io:5432/shop`;

function find(content: string, path = "src/config.ts") {
  return analyser.analyse({ path, content });
}

it.each([
  ["GitHub token", githubToken],
  ["Slack token", slackToken],
  ["Stripe secret key (live)", stripeKey],
  ["Private key", privateKey.trim()],
  ["Password of a PostgreSQL database", databaseUrl],
])("finds a %s and does not repeat it", async (name, secret) => {
  const findings = await find(`first();\nconst value = \`${secret}\`;\n`);
  expect(findings).toHaveLength(1);
  expect(findings[0]).toMatchObject({
    rule: "secrets/committed-secret",
    severity: "critical",
    startLine: 2,
    title: `${name} is committed`,
  });
  const said = JSON.stringify(findings);
  for (const line of secret.split("\n").filter((part) => part.length > 8)) expect(said).not.toContain(line);
  expect(said).not.toContain(secret.slice(-12));
});

it("has a name for every secret that the rules know", () => {
  const ids = secretRules
    .filter(({ meta }) => !meta.id.endsWith("filter-comments"))
    .flatMap((rule) => Object.keys(rule.messages));
  expect(ids.length).toBeGreaterThan(40);
  expect(ids.filter((id) => secretName(id) === undefined)).toEqual([]);
});

it("finds an AWS secret key in an environment file", async () => {
  expect(await find(`AWS_SECRET_ACCESS_KEY=${awsSecret}\n`, ".env")).toHaveLength(1);
});

it("tells the lines of many secrets, each on its own", async () => {
  const lines = Array.from({ length: 300 }, (_, index) => (index % 3 === 2 ? `"${githubToken}"` : "x"));
  expect((await find(`${lines.join("\n")}`)).map(({ startLine }) => startLine)).toEqual(
    Array.from({ length: 100 }, (_, index) => index * 3 + 3),
  );
});

it("does not let the pull request switch it off with a comment", async () => {
  const comment = ["secretlint", "disable"].join("-");
  expect(await find(`// ${comment}\nconst token = "${githubToken}";\n`)).toHaveLength(1);
});

it.each([
  "postgres://postgres:postgres@localhost:5432/shop",
  "postgres://shop:hunter22x@db:5432/shop",
  "postgres://user:password@db.shop.io/shop",
  "postgres://shop:${PASSWORD}@db.shop.io/shop",
  "https://user:pass@example.com/path",
  "mongodb://root:s3cretvalue@127.0.0.1:27017",
  `const token = process.env.GITHUB_TOKEN;`,
])("passes %s", async (content) => {
  expect(await find(`const url = "${content}";\n`)).toEqual([]);
});
