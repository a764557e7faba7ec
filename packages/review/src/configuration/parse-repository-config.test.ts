import { describe, expect, test } from "vitest";
import { parseRepositoryConfig } from "./parse-repository-config.ts";

const defaults = {
  ignore: [],
  verdict: "advisory",
  minimumSeverity: "nit",
  maxComments: 20,
  instructions: "",
  analysers: { disable: [] },
};

describe("parseRepositoryConfig", () => {
  test.each([undefined, "", "  \n", "# nothing yet\n", "{}"])(
    "no file, or an empty one: defaults (%j)",
    (text) => {
      expect(parseRepositoryConfig(text)).toEqual({ config: defaults, problems: [] });
    },
  );

  test("a full file", () => {
    const text = `
ignore:
  - "docs/**"
  - "**/*.snap"
verdict: binding
minimumSeverity: minor
maxComments: 5
instructions: |
  Money is in cents.
analysers:
  disable: [typescript/empty-catch]
`;
    expect(parseRepositoryConfig(text)).toEqual({
      config: {
        ignore: ["docs/**", "**/*.snap"],
        verdict: "binding",
        minimumSeverity: "minor",
        maxComments: 5,
        instructions: "Money is in cents.\n",
        analysers: { disable: ["typescript/empty-catch"] },
      },
      problems: [],
    });
  });

  test("a key that can't be used is named, the others count", () => {
    const { config, problems } = parseRepositoryConfig(`
verdict: binding
colour: blue
maxComments: 31
ignore: [ok, 7]
analysers: { disable: [a], enable: [b] }
review: { drafts: true }
`);
    expect(config).toEqual({ ...defaults, verdict: "binding", analysers: { disable: ["a"] } });
    expect(problems).toMatchInlineSnapshot(`
      [
        ".nectr.yml: \`ignore.1\` is not used: Invalid input: expected string, received number.",
        ".nectr.yml: \`maxComments\` is not used: Too big: expected number to be <=30.",
        ".nectr.yml: unknown key \`analysers.enable\`, not used.",
        ".nectr.yml: unknown key \`colour\`, not used.",
        ".nectr.yml: unknown key \`review\`, not used.",
      ]
    `);
  });

  test.each([
    ["not YAML", "a: [1"],
    ["a key twice", "verdict: binding\nverdict: advisory"],
    ["a list", "- a\n- b"],
    ["a word", "binding"],
    ["an alias", "a: &a [x]\nignore: *a"],
    ["too large", `instructions: "${"a".repeat(70_000)}"`],
    ["a tag of code", "verdict: !!js/function 'function () {}'"],
  ])("a broken file falls back to the defaults and says so: %s", (_, text) => {
    const { config, problems } = parseRepositoryConfig(text);
    expect(config).toEqual(defaults);
    expect(problems.length).toBeGreaterThan(0);
    expect(problems.join()).toContain(".nectr.yml");
  });

  test("keys that mean something to JavaScript change nothing", () => {
    const { config, problems } = parseRepositoryConfig("__proto__: { verdict: binding }\nconstructor: 1");
    expect(config).toEqual(defaults);
    expect(problems).toEqual([".nectr.yml: unknown key `constructor`, not used."]);
  });

  test("a long key is cut between two characters", () => {
    const { problems } = parseRepositoryConfig(`${"a".repeat(98)}\u{1F600}\u{1F600}: 1`);
    expect(problems).toEqual([`.nectr.yml: unknown key \`${"a".repeat(98)}…\`, not used.`]);
  });
});
