import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

/**
 * The real linter with the real configuration, run once over a tree that is laid out like this repository:
 * each rule has a file that breaks it, which must bring exactly that complaint, and a twin that keeps it.
 */

const imports = "eslint(no-restricted-imports)";

/** A source file by its path, and the rule that it breaks: none for a clean one. */
interface Case {
  readonly path: string;
  readonly text: string;
  readonly breaks?: string;
}

const reexport = (module: string) => `export * from "${module}";\n`;

/** Which packages each workspace may import: the arrows once more, so that neither list drifts alone. */
const packages =
  "accounts analysers cli crypto db github github-simulator knowledge model queue review service".split(" ");
const forServices = packages.filter((name) => name !== "cli" && name !== "github-simulator");
const allowed: Record<string, readonly string[]> = {
  "services/auth": forServices,
  "services/webhook-ingest": forServices,
  "services/review-worker": forServices,
  "packages/accounts": ["db", "crypto", "github"],
  "packages/analysers": ["review"],
  "packages/cli": ["review", "analysers", "model", "knowledge", "service", "github-simulator"],
  "packages/crypto": [],
  "packages/db": [],
  "packages/github": [],
  "packages/github-simulator": ["crypto"],
  "packages/knowledge": ["db"],
  "packages/model": ["review"],
  "packages/queue": [],
  "packages/review": [],
  "packages/service": [],
};

const arrowCases: Case[] = Object.entries(allowed).flatMap(([workspace, targets]) =>
  [...packages, "auth", "webhook-ingest", "review-worker"]
    .filter((target) => !workspace.endsWith(`/${target}`))
    .map((target) => ({
      path: `${workspace}/src/arrow-to-${target}.ts`,
      text: reexport(`@nectr/${target}`),
      ...(targets.includes(target) ? {} : { breaks: imports }),
    })),
);

/** Libraries with one home: a file that may import each, and one that may not. */
const gateCases: Case[] = [
  { library: "bullmq", home: "packages/queue/src", elsewhere: "services/review-worker/src" },
  { library: "ioredis", home: "packages/queue/src", elsewhere: "services/webhook-ingest/src" },
  { library: "@octokit/core", home: "packages/github/src", elsewhere: "packages/accounts/src" },
  { library: "@octokit/core", home: "packages/github/test", elsewhere: "packages/github-simulator/src" },
  { library: "@octokit/openapi", home: "packages/github-simulator/src", elsewhere: "services/auth/src" },
  { library: "@octokit/openapi-types", home: "packages/github/src", elsewhere: "services/auth/test" },
  {
    library: "@octokit/webhooks-examples",
    home: "services/webhook-ingest/test",
    elsewhere: "services/webhook-ingest/src",
  },
  { library: "pg", home: "packages/db/src", elsewhere: "services/auth/src" },
  { library: "pg", home: "packages/queue/src", elsewhere: "packages/knowledge/src" },
  { library: "pg", home: "infra/local/src", elsewhere: "e2e/src" },
  { library: "pg", home: "infra/benchmarks/src", elsewhere: "packages/accounts/src" },
  { library: "bullmq", home: "infra/benchmarks/src", elsewhere: "infra/local/src" },
  { library: "kysely", home: "packages/db/src", elsewhere: "packages/accounts/src" },
  { library: "kysely", home: "services/auth/test", elsewhere: "services/auth/src/routes" },
  { library: "express", home: "packages/service/src", elsewhere: "services/auth/src" },
  { library: "express", home: "packages/github-simulator/src", elsewhere: "packages/github/src" },
  { library: "express", home: "infra/benchmarks/src", elsewhere: "infra/local/src" },
  { library: "express", home: "services/auth/src/routes", elsewhere: "services/auth/src/sessions" },
].flatMap(({ library, home, elsewhere }) => {
  const name = `uses-${library.replace(/\W+/g, "-").replace(/^-/, "")}.ts`;
  return [
    { path: `${home}/${name}`, text: reexport(library) },
    { path: `${elsewhere}/${name}`, text: reexport(library), breaks: imports },
  ];
});

const fileNameCases: Case[] = [
  { path: "services/auth/src/session-store.ts", text: reexport("kysely") },
  { path: "packages/accounts/src/token-queries.ts", text: reexport("kysely") },
  { path: "services/auth/src/session.ts", text: reexport("kysely"), breaks: imports },
  { path: "services/auth/src/app.ts", text: reexport("express") },
  { path: "services/auth/src/application.ts", text: reexport("express"), breaks: imports },
  { path: "packages/queue/src/reads.test.ts", text: reexport("@nectr/db/testing") },
  { path: "packages/queue/src/testing.ts", text: reexport("@nectr/db/testing") },
  { path: "services/auth/test/reads.ts", text: reexport("@nectr/db/testing") },
  { path: "services/auth/src/reads.ts", text: reexport("@nectr/db/testing"), breaks: imports },
  { path: "packages/github/test/simulated.ts", text: reexport("@nectr/github-simulator") },
  { path: "e2e/src/everything.ts", text: reexport("@nectr/local") },
  { path: "e2e/src/rows.ts", text: reexport("kysely") },
  { path: "services/auth/test/other-service.ts", text: reexport("@nectr/webhook-ingest"), breaks: imports },
];

/** Every way to write an import is seen. */
const formCases: Case[] = [
  ["named", `import { Queue } from "bullmq";\nexport const queue = Queue;\n`],
  ["default", `import Redis from "ioredis";\nexport const redis = Redis;\n`],
  ["namespace", `import * as bull from "bullmq";\nexport const queue = bull.Queue;\n`],
  ["type", `import type { Queue } from "bullmq";\nexport type Jobs = Queue;\n`],
  ["side-effect", `import "bullmq";\n`],
  ["dynamic", `export const bull = await import("bullmq");\n`],
  ["deep", `export { Queue } from "bullmq/dist/queue.js";\n`],
  ["deep-scoped", `export { Octokit } from "@octokit/core/types";\n`],
  ["deep-of-ours", `export { createProducer } from "@nectr/queue/src/producer.ts";\n`],
  ["by-files", `export { createProducer } from "../../queue/src/producer.ts";\n`],
  ["from-the-root", `export { createProducer } from "../../../packages/queue/src/producer.ts";\n`],
].map(([form, text]) => ({
  path: `packages/service/src/${form}-import.ts`,
  text: text ?? "",
  breaks: imports,
}));

const pure = "packages/review/src";
const purityCases: Case[] = [
  ...[
    "node:fs",
    "node:fs/promises",
    "fs",
    "node:child_process",
    "node:net",
    "node:crypto",
    "node:path",
    "pino",
    "left-pad",
    "@scope/zod",
    "@noble/ciphers",
  ].map((library, index) => ({
    path: `${pure}/impure-${index}.ts`,
    text: reexport(library),
    breaks: imports,
  })),
  ...[
    "zod",
    "zod/mini",
    "yaml",
    "mdast-util-gfm",
    "gpt-tokenizer/encoding/o200k_base",
    "@noble/hashes/sha2.js",
    "./pure-0.ts",
    "../src/pure-0.ts",
  ].map((library, index) => ({ path: `${pure}/pure-${index}.ts`, text: reexport(library) })),
  ...Object.entries({
    clock: "new Date()",
    "clock-by-the-global-object": "globalThis.Date.now()",
    "chance-of-crypto": "crypto.randomUUID()",
    network: 'fetch("http://localhost")',
    logger: "console.log(1)",
    process: "process.cwd()",
    timer: "setTimeout(() => 1, 1)",
  }).map(([name, expression]) => ({
    path: `${pure}/uses-${name}.ts`,
    text: `export const use = () => ${expression};\n`,
    breaks: "eslint(no-restricted-globals)",
  })),
  {
    path: `${pure}/uses-chance.ts`,
    text: "export const use = () => Math.random();\n",
    breaks: "eslint(no-restricted-properties)",
  },
  { path: `${pure}/arithmetic.ts`, text: "export const half = (n: number) => Math.floor(n / 2);\n" },
  { path: "packages/review/test/fixtures.ts", text: reexport("node:fs") },
  { path: "packages/service/src/clock.ts", text: "export const now = () => new Date();\n" },
];

const promise = `const later = async () => 1;\n`;
const readsEnvironment = "export const port = () => process.env.PORT;\n";
const houseRuleCases: Case[] = [
  { path: "services/auth/src/environment.ts", text: readsEnvironment, breaks: "node(no-process-env)" },
  { path: "services/auth/src/config.ts", text: readsEnvironment },
  {
    path: "packages/db/src/floating.ts",
    text: `${promise}later();\n`,
    breaks: "typescript(no-floating-promises)",
  },
  { path: "packages/db/src/awaited.ts", text: `${promise}await later();\n` },
  {
    path: "packages/db/src/misused.ts",
    text: `${promise}export const is = () => (later() ? 1 : 2);\n`,
    breaks: "typescript(no-misused-promises)",
  },
  {
    path: "packages/db/src/well-used.ts",
    text: `${promise}export const is = async () => ((await later()) ? 1 : 2);\n`,
  },
  {
    path: "packages/db/src/any.ts",
    text: "export const x: any = 1;\n",
    breaks: "typescript(no-explicit-any)",
  },
  { path: "packages/db/src/unknown.ts", text: "export const x: unknown = 1;\n" },
  { path: "packages/db/src/default.ts", text: "export default 1;\n", breaks: "import(no-default-export)" },
  { path: "services/dashboard/vite.config.ts", text: "export default 1;\n" },
  { path: "packages/db/src/CamelCase.ts", text: "export const x = 1;\n", breaks: "unicorn(filename-case)" },
  { path: "packages/db/src/kebab-case.ts", text: "export const x = 1;\n" },
  { path: "packages/db/src/long.ts", text: "export {};\n".repeat(251), breaks: "eslint(max-lines)" },
  { path: "packages/db/src/at-the-limit.ts", text: "export {};\n".repeat(250) },
  { path: "packages/db/src/long.test.ts", text: "export {};\n".repeat(251) },
  { path: "packages/db/src/cycle-one.ts", text: reexport("./cycle-two.ts"), breaks: "import(no-cycle)" },
  { path: "packages/db/src/cycle-two.ts", text: reexport("./cycle-one.ts"), breaks: "import(no-cycle)" },
  {
    path: "packages/db/src/mocks.test.ts",
    text: `import { vi } from "vitest";\n\nvi.mock("./any.ts");\n`,
    breaks: "vitest(no-restricted-vi-methods)",
  },
  {
    path: "packages/db/src/fakes.test.ts",
    text: `import { vi } from "vitest";\n\nexport const fake = vi.fn();\n`,
  },
];

/** Rules on single statements: a statement that breaks the rule, and one that does not. */
const statementCases: Case[] = Object.entries({
  "eslint(no-empty)": ["try { f(); } catch {}", "try { f(); } catch { g(); }"],
  "eslint(preserve-caught-error)": [
    "try { f(); } catch (error) { throw new Error(String(error)); }",
    "try { f(); } catch (error) { throw new Error(String(error), { cause: error }); }",
  ],
  "typescript(consistent-type-imports)": [
    `export type T = import("zod").ZodType;`,
    `import type { ZodType } from "zod"; export type T = ZodType;`,
  ],
  "typescript(no-misused-spread)": [
    "export const y = { ...new Map([[1, 2]]) };",
    "export const y = [...g.name];",
  ],
  "typescript(no-non-null-assertion)": ["export const z = f()!;", "export const z = f() ?? 1;"],
  "typescript(no-require-imports)": [`import fs = require("node:fs"); fs.rmSync("x");`, `import "node:fs";`],
  "typescript(only-throw-error)": [`throw "text";`, `throw new Error("text");`],
  "typescript(switch-exhaustiveness-check)": [
    `switch (f()) { case "one": g(); }`,
    `switch (f()) { case "one": g(); break; default: }`,
  ],
}).flatMap(([rule, [breaking = "", keeping = ""]], index) => {
  const known = `declare const f: () => "one" | "two" | undefined; declare const g: () => void; f(); g();\n`;
  return [
    { path: `packages/db/src/statement-${index}.ts`, text: `${known}${breaking}\n`, breaks: rule },
    { path: `packages/db/src/statement-${index}-kept.ts`, text: `${known}${keeping}\n` },
  ];
});

const cases = {
  arrowCases,
  gateCases,
  fileNameCases,
  formCases,
  purityCases,
  houseRuleCases,
  statementCases,
};

let tree: string;
let complaints: Map<string, string[]>;

beforeAll(async () => {
  tree = await mkdtemp(join(tmpdir(), "nectr-lint-"));
  const config = fileURLToPath(new URL("../../oxlint.config.ts", import.meta.url));
  await write("oxlint.config.ts", `export { default } from ${JSON.stringify(config)};\n`);
  await write("tsconfig.json", JSON.stringify({ compilerOptions: { strict: true, module: "nodenext" } }));
  for (const { path, text } of Object.values(cases).flat()) await write(path, text);
  complaints = await lint();
});

afterAll(() => rm(tree, { recursive: true, force: true }));

async function write(path: string, text: string): Promise<void> {
  await mkdir(dirname(join(tree, path)), { recursive: true });
  await writeFile(join(tree, path), text, { flag: "wx" });
}

/** The rules that each file breaks, by its path. */
async function lint(): Promise<Map<string, string[]>> {
  const program = fileURLToPath(new URL("bin/oxlint", import.meta.resolve("oxlint/package.json")));
  const output = await new Promise<string>((resolve) => {
    const options = { cwd: tree, maxBuffer: 64 * 1024 * 1024 };
    // It exits with 1, as there is something to complain of.
    execFile(process.execPath, [program, "--format", "json"], options, (_, stdout) => resolve(stdout));
  });
  expect(output, "the linter's report").toMatch(/^\{/);
  const { diagnostics } = JSON.parse(output) as { diagnostics: { filename: string; code: string }[] };
  const byFile = Map.groupBy(diagnostics, ({ filename }) => filename);
  return new Map([...byFile].map(([file, found]) => [file, found.map(({ code }) => code)]));
}

describe.each(Object.entries(cases))("lint: %s", (_, group) => {
  it.each(group)("$path", ({ path, breaks }) => {
    expect(complaints.get(path) ?? []).toEqual(breaks === undefined ? [] : [breaks]);
  });
});

it("lints nothing but the cases", () => {
  const known = new Set(
    Object.values(cases)
      .flat()
      .map(({ path }) => path),
  );
  expect([...complaints.keys()].filter((path) => !known.has(path))).toEqual([]);
});
