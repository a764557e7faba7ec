import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { stringify } from "yaml";
import { describeConfigProblems } from "./describe-problems.ts";
import { parseRepositoryConfig } from "./parse-repository-config.ts";
import { repositoryConfigSchema } from "./repository-config.ts";

const defaults = repositoryConfigSchema.parse({});

/** Mistakes as `line:column message`: with one of them nothing of the file counts. */
function problemsOf(text: string): string[] {
  const { config, problems } = parseRepositoryConfig(text);
  expect(config).toEqual(defaults);
  return problems.map(({ line, column, message }) => `${line}:${column} ${message}`);
}

test.each([undefined, "", "  \n", "# nothing yet\n", "{}", "\ufeff# with a mark of its encoding\n"])(
  "no file, or an empty one: defaults (%j)",
  (text) => {
    expect(parseRepositoryConfig(text)).toEqual({ config: defaults, problems: [] });
  },
);

test("what is set counts, and all else is as it was", () => {
  const { config, problems } = parseRepositoryConfig(`
paths: { ignore: ["docs/**"] }
findings:
  maximum: 5
verdict: { mode: binding }
`);
  expect(problems).toEqual([]);
  expect(config).toEqual({
    ...defaults,
    paths: { include: [], ignore: ["docs/**"] },
    findings: { ...defaults.findings, maximum: 5 },
    verdict: { ...defaults.verdict, mode: "binding" },
  });
});

describe("a mistake is named with its line and column, and what would be right", () => {
  test("unknown keys", () => {
    expect(
      problemsOf(
        "verdict: { mode: binding }\npath:\n  ignore: []\nfindings:\n  colour: blue\nthreshold: 1\n",
      ),
    ).toMatchInlineSnapshot(`
      [
        "2:1 Unknown key \`path\`. Did you mean \`paths\`?",
        "5:3 Unknown key \`findings.colour\`. \`findings\` takes \`minimumSeverity\`, \`threshold\`, \`categories\`, \`maximum\`, \`tone\` and \`language\`.",
        "6:1 Unknown key \`threshold\`. It is \`findings.threshold\` here.",
      ]
    `);
  });

  test("values", () => {
    expect(
      problemsOf(`findings:
  maximum: 31
  threshold: high
  tone: frendly
  language: english
  categories:
    - security
    - stlye
limits: { files: 1.5 }
paths:
languages: { ignore: 7 }
sections:
  - findings: {}
  - directory: /apps/
`),
    ).toMatchInlineSnapshot(`
      [
        "2:12 \`findings.maximum\` must be at most 30.",
        "3:14 \`findings.threshold\` must be a number, and is text.",
        "4:9 \`findings.tone\` must be \`plain\`, \`terse\`, \`friendly\` or \`mentoring\`. Did you mean \`friendly\`?",
        "5:13 \`findings.language\` must be a language's tag, such as \`en\`, \`de\` or \`pt-BR\`.",
        "8:7 \`findings.categories[1]\` must be \`security\`, \`correctness\`, \`reliability\`, \`performance\` or \`maintainability\`.",
        "9:18 \`limits.files\` must be a whole number, and is a fraction.",
        "10:7 \`paths\` must be keys with values, and is empty.",
        "11:22 \`languages.ignore\` must be a list, and is a number.",
        "13:5 \`sections[0].directory\` is missing.",
        "14:16 \`sections[1].directory\` must be a directory's path from the root, without slashes around it and without \`*\`.",
      ]
    `);
  });

  test("globs that can't be meant", () => {
    expect(problemsOf(`paths: { ignore: ["!src/**", "${"{a,b}".repeat(7)}"] }`)).toMatchInlineSnapshot(`
      [
        "1:19 \`paths.ignore[0]\` must be a glob over whole paths, without \`!\`: what is not to be read stands under \`paths.ignore\`.",
        "1:30 \`paths.ignore[1]\` must be a glob with fewer alternatives.",
      ]
    `);
  });

  test("the keys of the first format, each with its place now", () => {
    expect(
      problemsOf(
        "ignore: [docs/**]\nverdict: binding\nminimumSeverity: nit\nmaxComments: 5\ninstructions: Money is in cents.\n",
      ),
    ).toMatchInlineSnapshot(`
      [
        "1:1 Unknown key \`ignore\`. It is \`paths.ignore\` here.",
        "2:10 \`verdict\` must be keys with values, and is text. Such a text belongs into \`verdict.mode\`.",
        "3:1 Unknown key \`minimumSeverity\`. It is \`findings.minimumSeverity\` here.",
        "4:1 Unknown key \`maxComments\`. It is \`findings.maximum\` here.",
        "5:15 \`instructions\` must be keys with values, and is text. Such a text belongs into \`instructions.text\`.",
      ]
    `);
  });

  test("a key in a section, and with other line ends", () => {
    expect(problemsOf("sections:\r\n  - directory: web\r\n    verdict: {}\r\n")).toMatchInlineSnapshot(`
      [
        "3:5 Unknown key \`sections[0].verdict\`. \`sections[0]\` takes \`directory\`, \`paths\`, \`languages\`, \`instructions\`, \`findings\` and \`analysers\`.",
      ]
    `);
  });

  test("keys that mean something to JavaScript", () => {
    expect(problemsOf("__proto__: { status: false }\nconstructor: 1\ntoString: 2")).toMatchInlineSnapshot(`
      [
        "1:1 Unknown key \`__proto__\`.",
      ]
    `);
  });

  test.each([
    ["not YAML", "a: [1\nb: 2", /^2:1 /],
    ["a key twice", "status: true\nstatus: false", "2:1 `status` stands here twice."],
    ["a list", "- a\n- b", "1:1 The file must be keys with values, and is a list."],
    ["a word", "binding", "1:1 The file must be keys with values, and is text."],
    ["an alias", "status: &on true\nanalysers: { enabled: *on }", /^2:23 Aliases are not used here/],
    ["a tag of code", "status: !!js/function 'function () {}'", /^1:9 Unresolved tag/],
    ["two documents", "status: true\n---\nstatus: false", "2:1 A second document begins here."],
    ["too large", `# ${"a".repeat(70_000)}`, "1:1 The file is longer than 64000 characters."],
    ["too deep, in brackets", "[".repeat(10_000), "1:1 The file nests too deeply."],
    ["too deep, in dashes", "- ".repeat(10_000), "1:1 The file nests too deeply."],
  ])("%s", (_, text, expected) => {
    const [first] = problemsOf(text);
    if (typeof expected === "string") expect(first).toBe(expected);
    else expect(first).toMatch(expected);
  });

  test("20 at a time, in the order of the file", () => {
    const problems = parseRepositoryConfig(
      Array.from({ length: 50 }, (_, index) => `key${index}: 1`).join("\n"),
    ).problems;
    expect(problems.map(({ line }) => line)).toEqual(Array.from({ length: 20 }, (_, index) => index + 1));
  });

  test("a long key is cut between two characters, and closes no code mark", () => {
    expect(problemsOf(`"${"a".repeat(98)}\u{1F600}\u{1F600}": 1`)[0]).toContain(`\`${"a".repeat(98)}…\``);
    expect(problemsOf('"a`b\\n@c": 1')[0]).toContain("`a'b @c`");
  });
});

test("the review's coverage says it in one line", () => {
  const { problems } = parseRepositoryConfig("path: {}\nstatus: 1\n");
  expect(describeConfigProblems(problems)).toEqual([
    ".nectr.yml is not used, the defaults are. Line 1, column 1: Unknown key `path`. Did you mean `paths`? (1 more)",
  ]);
  expect(describeConfigProblems([])).toEqual([]);
});

describe("whatever the file holds", () => {
  const pieces = fc.constantFrom(
    ..."- ? : [ ] { } , | > & * ! % @ # ' \" ` ~ a b 1 true null paths ignore sections directory --- ... << __proto__".split(
      " ",
    ),
    " ",
    "  ",
    "\n",
    "\r\n",
    "\t",
    "\u{1F600}",
    "\0",
  );
  const hostile = fc.oneof(
    fc.string(),
    fc.array(pieces, { maxLength: 300 }).map((all) => all.join("")),
  );
  const yaml = fc
    .jsonValue()
    .map((value) => stringify({ paths: value, [JSON.stringify(value).slice(0, 5)]: value }));

  test("it is read, with mistakes at places that are there", () => {
    fc.assert(
      fc.property(fc.oneof(hostile, yaml), (text) => {
        const { config, problems } = parseRepositoryConfig(text);
        expect(repositoryConfigSchema.parse(config)).toEqual(config);
        const lines = text.split("\n");
        for (const { line, column, message } of problems) {
          expect(line).toBeLessThanOrEqual(lines.length);
          expect(column).toBeLessThanOrEqual((lines[line - 1] ?? "").length + 1);
          expect(message).toMatch(/^[^\n]+[.?]$/);
        }
        if (problems.length > 0) expect(config).toEqual(defaults);
      }),
      { numRuns: 2_000 },
    );
  });

  test.each([
    "&a ",
    '"',
    "! ",
    "%a\n",
    "? a\n",
    "k: ",
    "*a : 1\n",
    "a,",
    "- - a:\n",
    "?\n",
    "'",
    "{a: [",
    "|\n",
    "#\n",
  ])("as much of it as fits is read or refused: %j", (piece) => {
    expect(parseRepositoryConfig(piece.repeat(64_000 / piece.length)).config).toEqual(defaults);
  });
});
