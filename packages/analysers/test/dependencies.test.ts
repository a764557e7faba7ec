import { describe, expect, it } from "vitest";
import { explainDependencies } from "../src/dependencies/explain-dependencies.ts";

/** The changes of a lock file in words, and the rules and lines of its findings. */
function explain(path: string, base: string, head: string) {
  const changes = explainDependencies(path, base, head);
  if (changes === undefined) return undefined;
  const told = [...changes.added, ...changes.removed, ...changes.changed].map((each) => {
    const words = [each.direct === true && "direct", each.major && "major", each.downgrade && "downgrade"];
    const more = [each.installScript === true && "script", each.source];
    return [
      `${each.name}: ${each.from.join("+")} -> ${each.to.join("+")}`,
      ...[...words, ...more].filter((word) => typeof word === "string"),
    ].join(", ");
  });
  return { told, findings: changes.findings.map(({ rule, startLine }) => `${startLine} ${rule}`) };
}

const npm = (...packages: object[]) =>
  JSON.stringify(
    {
      lockfileVersion: 3,
      packages: {
        "": { dependencies: { express: "^5", left: "^1" }, devDependencies: { vitest: "1" } },
        "packages/a": { dependencies: { zod: "4" } },
        ...Object.assign({}, ...packages),
      },
    },
    null,
    2,
  );
const entry = (path: string, version: string, more: object = {}) => {
  const name = path.slice(path.lastIndexOf("node_modules/") + 13);
  const resolved = `https://registry.npmjs.org/${name}/-/${name}-${version}.tgz`;
  return { [path]: { version, resolved, integrity: `sha512-${name}${version}`, ...more } };
};

describe("package-lock.json", () => {
  const base = npm(
    entry("node_modules/express", "4.21.0"),
    entry("node_modules/left", "1.0.0"),
    entry("node_modules/qs", "6.0.0"),
    entry("node_modules/express/node_modules/qs", "5.0.0"),
    { "node_modules/a": { resolved: "packages/a", link: true } },
  );

  it("tells what was added, removed and changed, and what of it the project asked for", () => {
    const head = npm(
      entry("node_modules/express", "5.1.0"),
      entry("node_modules/qs", "6.0.1"),
      entry("node_modules/express/node_modules/qs", "5.0.0"),
      entry("node_modules/@types/node", "26.0.0"),
    );
    expect(explain("web/package-lock.json", base, head)).toEqual({
      told: [
        "@types/node:  -> 26.0.0",
        "left: 1.0.0 -> , direct",
        "express: 4.21.0 -> 5.1.0, direct, major",
        "qs: 6.0.0 -> 6.0.1",
      ],
      findings: [],
    });
  });

  it("remarks on scripts, foreign sources, and hashes that changed or vanished, where they stand", () => {
    const head = npm(
      entry("node_modules/express", "4.21.0", { integrity: "sha512-otherexpress4" }),
      entry("node_modules/left", "1.0.0", { integrity: undefined }),
      entry("node_modules/miner", "0.1.0", { hasInstallScript: true }),
      { "node_modules/fork": { version: "1.0.0", resolved: "git+ssh://git@github.com/a/fork.git#abc" } },
    );
    const shorter = npm(entry("node_modules/express", "4.21.0", { integrity: "sha512-express4.21.0" }));
    const before = base.replace("sha512-express4.21.0", "sha512-otherexpress5");
    const lineOf = (path: string) => head.split("\n").findIndex((line) => line.includes(`"${path}"`)) + 1;
    expect(explain("package-lock.json", before, head)?.findings).toEqual([
      `${lineOf("node_modules/express")} dependencies/content-changed`,
      `${lineOf("node_modules/fork")} dependencies/foreign-source`,
      `${lineOf("node_modules/miner")} dependencies/install-script`,
      `${lineOf("node_modules/left")} dependencies/hash-removed`,
    ]);
    expect(explain("package-lock.json", base, shorter)?.findings).toEqual([]);
  });

  it("does not remark on what was so before, nor on a new lock file", () => {
    const script = { hasInstallScript: true };
    const old = npm(entry("node_modules/esbuild", "0.20.0", script));
    const head = npm(entry("node_modules/esbuild", "0.21.0", script));
    expect(explain("package-lock.json", old, head)).toEqual({
      told: ["esbuild: 0.20.0 -> 0.21.0, major, script"],
      findings: [],
    });
    expect(explain("package-lock.json", "", head)?.findings).toEqual([]);
  });

  it("reads the first version of the format, of any depth", () => {
    const nested = (depth: number): object =>
      depth === 0 ? {} : { [`p${depth}`]: { version: `${depth}.0.0`, dependencies: nested(depth - 1) } };
    const first = (dependencies: object) => JSON.stringify({ lockfileVersion: 1, dependencies });
    const told = explain("package-lock.json", first(nested(1)), first(nested(2_000)))?.told;
    expect(told).toHaveLength(1_999);
    expect(told).toContain("p7:  -> 7.0.0");
  });
});

it.each([
  [
    "9",
    "importers:\n\n  .:\n    dependencies:\n      '@a/b':\n        specifier: ^1.0.0\n        version: ",
    "  '@a/b@",
  ],
  ["6", "dependencies:\n  '@a/b':\n    specifier: ^1.0.0\n    version: ", "  /@a/b@"],
  ["5", "dependencies:\n  '@a/b': ", "  /@a/b/"],
])("reads pnpm-lock.yaml %s", (_, head, key) => {
  const quote = key.includes("'") ? "'" : "";
  const lock = (version: string, more = "") =>
    `lockfileVersion: '9.0'\n\n${head}${version}\n\npackages:\n\n${key}${version}${quote}:\n    resolution: {integrity: sha512-${version}==}\n    requiresBuild: true\n${more}`;
  const git = `${key.replace("@a/b", "git-dep")}1.0.0${quote}:\n    resolution: {commit: abc, repo: https://github.com/x/y.git, type: git}\n`;
  const before = lock("1.0.0").replace("    requiresBuild: true\n", "");
  expect(explain("pnpm-lock.yaml", before, lock("2.0.0", git))).toEqual({
    told: ["git-dep:  -> 1.0.0, https://github.com/x/y.git", "@a/b: 1.0.0 -> 2.0.0, direct, major, script"],
    findings: [
      expect.stringContaining("dependencies/foreign-source"),
      expect.stringContaining("dependencies/install-script"),
    ],
  });
});

it("reads yarn.lock, old and new", () => {
  const old = (version: string, more = "") =>
    `# yarn lockfile v1\n\n\n"@a/b@^1.0.0", "@a/b@^1.1.0":\n  version "${version}"\n  resolved "https://registry.yarnpkg.com/@a/b/-/b-${version}.tgz#abc"\n  integrity sha512-${version}\n  dependencies:\n    c "^1"\n${more}`;
  expect(
    explain(
      "yarn.lock",
      old("1.0.0"),
      old(
        "1.2.0",
        '\n"d@x/d":\n  version "0.1.0"\n  resolved "https://codeload.github.com/x/d/tar.gz/abc"\n',
      ),
    ),
  ).toEqual({
    told: ["d:  -> 0.1.0, https://codeload.github.com/x/d/tar.gz/abc", "@a/b: 1.0.0 -> 1.2.0"],
    findings: ["11 dependencies/foreign-source"],
  });
  const berry = (version: string) =>
    `__metadata:\n  version: 8\n\n"@a/b@npm:^1.0.0":\n  version: ${version}\n  resolution: "@a/b@npm:${version}"\n  checksum: 10/abc${version}\n  languageName: node\n\n"root@workspace:.":\n  version: 0.0.0-use.local\n  resolution: "root@workspace:."\n`;
  expect(explain("yarn.lock", berry("1.0.0"), berry("2.0.0"))?.told).toEqual(["@a/b: 1.0.0 -> 2.0.0, major"]);
});

it("reads Cargo.lock", () => {
  const crate = (
    name: string,
    version: string,
    source = "registry+https://github.com/rust-lang/crates.io-index",
  ) =>
    `[[package]]\nname = "${name}"\nversion = "${version}"\nsource = "${source}"\nchecksum = "${version}"\n\n`;
  const ours =
    '[[package]]\nname = "shop"\nversion = "0.1.0"\ndependencies = [\n "serde",\n "tokio 1.0.0",\n]\n\n';
  expect(
    explain(
      "Cargo.lock",
      `version = 4\n\n${ours}${crate("serde", "1.0.0")}`,
      `version = 4\n\n${ours}${crate("serde", "1.0.1")}${crate("evil", "0.1.0", "git+https://github.com/x/evil#abc")}`,
    ),
  ).toEqual({
    told: ["evil:  -> 0.1.0, git+https://github.com/x/evil#abc", "serde: 1.0.0 -> 1.0.1, direct"],
    findings: [expect.stringContaining("dependencies/foreign-source")],
  });
});

it("reads go.mod and go.sum", () => {
  const mod = (block: string, more = "") =>
    `module shop\n\ngo 1.25\n\nrequire (\n${block})\n\nrequire github.com/z/z v0.1.0\n${more}`;
  expect(
    explain(
      "go.mod",
      mod("\tgithub.com/a/b v1.0.0\n\tgithub.com/c/d v1.0.0 // indirect\n"),
      mod(
        "\tgithub.com/a/b v1.1.0\n\tgithub.com/c/d v1.0.0 // indirect\n",
        "\nreplace github.com/c/d => github.com/me/d v1.0.0\n\nreplace github.com/z/z => ../z\n",
      ),
    ),
  ).toEqual({
    told: ["github.com/a/b: v1.0.0 -> v1.1.0, direct"],
    findings: ["7 dependencies/foreign-source"],
  });
  const sum = (hash: string) => `github.com/a/b v1.0.0 h1:${hash}=\ngithub.com/a/b v1.0.0/go.mod h1:x=\n`;
  expect(explain("go.sum", sum("abc"), sum("abd"))).toEqual({
    told: [],
    findings: ["1 dependencies/content-changed"],
  });
});

it("reads poetry.lock and uv.lock", () => {
  const poetry = (version: string, more = "") =>
    `[[package]]\nname = "requests"\nversion = "${version}"\nfiles = [\n    {file = "a.whl", hash = "sha256:${version}"},\n]\n\n[package.dependencies]\nurllib3 = ">=1"\n${more}\n[metadata]\nlock-version = "2.1"\n`;
  const git =
    '\n[[package]]\nname = "fork"\nversion = "0.1"\nfiles = []\n\n[package.source]\ntype = "git"\nurl = "https://github.com/x/fork"\n';
  expect(explain("poetry.lock", poetry("2.0.0"), poetry("1.9.0", git))).toEqual({
    told: ["fork:  -> 0.1, https://github.com/x/fork", "requests: 2.0.0 -> 1.9.0, major, downgrade"],
    findings: ["11 dependencies/foreign-source"],
  });
  const uv = (version: string) =>
    `version = 1\n\n[[package]]\nname = "shop"\nversion = "0.1.0"\nsource = { virtual = "." }\ndependencies = [\n    { name = "flask" },\n]\n\n[[package]]\nname = "flask"\nversion = "${version}"\nsource = { registry = "https://pypi.org/simple" }\nwheels = [\n    { url = "https://a/a.whl", hash = "sha256:${version}", size = 1 },\n]\n`;
  expect(explain("uv.lock", uv("3.0.0"), uv("3.1.0"))?.told).toEqual(["flask: 3.0.0 -> 3.1.0, direct"]);
});

it("reads Gemfile.lock", () => {
  const lock = (version: string, git = "") =>
    `${git}GEM\n  remote: https://rubygems.org/\n  specs:\n    rails (${version})\n      activesupport (= ${version})\n    rack (3.0.0)\n\nPLATFORMS\n  ruby\n\nDEPENDENCIES\n  rails (~> 8.0)\n\nCHECKSUMS\n  rack (3.0.0) sha256=abc\n`;
  const git = "GIT\n  remote: https://github.com/x/y.git\n  revision: abc\n  specs:\n    y (0.1.0)\n\n";
  expect(explain("Gemfile.lock", lock("8.0.0"), lock("8.1.0", git))).toEqual({
    told: ["y:  -> 0.1.0, https://github.com/x/y.git", "rails: 8.0.0 -> 8.1.0, direct"],
    findings: ["5 dependencies/foreign-source"],
  });
});

it("reads composer.lock", () => {
  const lock = (version: string, more: object = {}) =>
    JSON.stringify(
      {
        packages: [
          {
            name: "a/b",
            version,
            source: { url: "https://github.com/a/b.git" },
            "notification-url": "https://packagist.org/downloads/",
            ...more,
          },
        ],
        "packages-dev": [],
      },
      null,
      4,
    );
  expect(explain("composer.lock", lock("v1.0.0"), lock("v2.0.0"))).toEqual({
    told: ["a/b: v1.0.0 -> v2.0.0, major"],
    findings: [],
  });
  expect(
    explain("composer.lock", lock("v1.0.0"), lock("v1.0.1", { "notification-url": undefined }))?.findings,
  ).toEqual(["4 dependencies/foreign-source"]);
});

it("does not remark again on a source that it knows", () => {
  const fork = (version: string) => ({
    "node_modules/fork": { version, resolved: `git+https://github.com/a/fork.git#${version}` },
  });
  expect(explain("package-lock.json", npm(fork("1.0.0")), npm(fork("1.1.0")))?.findings).toEqual([]);
});

it("tells that a package came in a second version", () => {
  const base = npm(entry("node_modules/qs", "6.0.0"));
  const head = npm(entry("node_modules/qs", "6.0.0"), entry("node_modules/b/node_modules/qs", "7.0.0"));
  expect(explain("package-lock.json", base, head)?.told).toEqual(["qs: 6.0.0 -> 7.0.0, major"]);
});

it("keeps to ten remarks of a kind", () => {
  const many = Array.from({ length: 40 }, (_, n) =>
    entry(`node_modules/m${n}`, "1.0.0", { hasInstallScript: true }),
  );
  const { findings } =
    explain("package-lock.json", npm(entry("node_modules/a", "1.0.0")), npm(...many)) ?? {};
  expect(findings).toHaveLength(10);
});

it.each([
  ["package-lock.json", "{"],
  ["package-lock.json", "[]"],
  ["package-lock.json", '{"packages":null}'],
  ["package-lock.json", '{"packages":{"node_modules/a":null}}'],
  ["package-lock.json", "[".repeat(1_000_000)],
  ["composer.lock", '{"packages":{}}'],
  ["pnpm-lock.yaml", "<<<<<<< HEAD\n"],
  ["yarn.lock", "\0\u0001\uffff"],
  ["Cargo.lock", "[[package]]\n".repeat(100_000)],
  ["yarn.lock", `${"a@".repeat(500_000)}\n`],
  ["pnpm-lock.yaml", `packages:\n  ${"a:".repeat(500_000)}\n`],
  ["go.sum", " v".repeat(500_000)],
  ["Gemfile.lock", `GEM\n    ${"a ".repeat(500_000)}(\n`],
  ["bun.lock", "{}"],
])("does not explain what it cannot read: %s %#", (path, content) => {
  expect(explain(path, content, content)).toBeUndefined();
});

it("knows packages by any name", () => {
  const text =
    '{"packages":{"node_modules/__proto__":{"version":"1.0.0"},"node_modules/constructor":{"version":"1.0.0"}}}';
  expect(explain("package-lock.json", npm(entry("node_modules/a", "1.0.0")), text)?.told).toEqual([
    "__proto__:  -> 1.0.0",
    "constructor:  -> 1.0.0",
    "a: 1.0.0 -> ",
  ]);
});
