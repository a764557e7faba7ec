import { basename } from "node:path";
import type { OxlintOverride } from "oxlint";

/**
 * Who may import whom, as data: `arrows` for our packages, `gates` for the libraries that have one home, and
 * `pureLibraries` for the engine. `importRules` turns them into overrides for the linter.
 */

/** What services build on. */
const libraries = [
  "accounts",
  "analysers",
  "crypto",
  "db",
  "github",
  "knowledge",
  "model",
  "queue",
  "review",
  "service",
];

/** Each workspace, and the packages that its source may import. */
const arrows: Readonly<Record<string, readonly string[]>> = {
  "services/auth": libraries,
  "services/webhook-ingest": libraries,
  "services/review-worker": libraries,
  "services/dashboard": [],
  "packages/accounts": ["crypto", "db", "github"],
  "packages/analysers": ["review"],
  "packages/cli": ["analysers", "github-simulator", "knowledge", "model", "review", "service"],
  "packages/crypto": [],
  "packages/db": [],
  "packages/github": [],
  "packages/github-simulator": ["crypto"],
  "packages/knowledge": ["db"],
  "packages/model": ["review"],
  "packages/queue": [],
  "packages/review": [],
  "packages/service": [],
  "infra/benchmarks": [...libraries, "local"],
  "infra/local": libraries,
  e2e: [...libraries, "github-simulator", "local"],
};

/** What the tests of every workspace may import besides: a database, a GitHub, and any `/testing`. */
const testArrows = ["db", "github-simulator"];

/** All that `review` may import: pure functions, nothing that reads, sends, waits or draws lots. */
const pureLibraries = [
  "@noble/hashes",
  "gpt-tokenizer",
  "mdast",
  "mdast-util-*",
  "micromark-extension-gfm",
  "unist-util-visit",
  "yaml",
  "zod",
];

/** The globals by which pure code would reach the world: the clock, the network, the process, chance. */
const impureGlobals = [
  "console",
  "crypto",
  "Date",
  "fetch",
  "performance",
  "process",
  "queueMicrotask",
  "setImmediate",
  "setInterval",
  "setTimeout",
  "Temporal",
  "WebSocket",
];

/** Where a file stands: its workspace, and what its name and folder make of it. */
interface Place {
  readonly workspace: string;
  readonly kind: Kind;
}

type Kind = "source" | "http" | "store" | "test";

/** The files of each kind in a workspace. A file of several kinds is of the last one. */
const kinds: Readonly<Record<Kind, (workspace: string) => string[]>> = {
  source: (workspace) => [`${workspace}/**`],
  http: (workspace) => [`${workspace}/**/app.ts`, `${workspace}/**/routes/**`],
  store: (workspace) => [`${workspace}/**/*-store.ts`, `${workspace}/**/*-queries.ts`],
  test: (workspace) =>
    workspace === "e2e"
      ? ["e2e/**"]
      : [`${workspace}/**/*.test.ts`, `${workspace}/test/**`, `${workspace}/src/testing.ts`],
};

/** Libraries that only some places may import. */
interface Gate {
  readonly modules: readonly string[];
  readonly home: string;
  readonly admits: (place: Place) => boolean;
}

const gates: readonly Gate[] = [
  {
    modules: ["bullmq", "ioredis"],
    home: "packages/queue and benchmarks",
    admits: ({ workspace }) => workspace === "packages/queue" || workspace === "infra/benchmarks",
  },
  {
    modules: ["@octokit/openapi"],
    home: "packages/github and the simulator",
    admits: ({ workspace }) => workspace === "packages/github" || workspace === "packages/github-simulator",
  },
  {
    modules: ["@octokit/webhooks-examples"],
    home: "tests and benchmarks",
    admits: ({ workspace, kind }) => kind === "test" || workspace === "infra/benchmarks",
  },
  {
    modules: ["pg"],
    home: "packages/db, packages/queue, infra/local and benchmarks",
    admits: ({ workspace }) =>
      ["packages/db", "packages/queue", "infra/local", "infra/benchmarks"].includes(workspace),
  },
  {
    modules: ["kysely"],
    home: "packages/db, *-store.ts, *-queries.ts and tests",
    admits: ({ workspace, kind }) => workspace === "packages/db" || kind === "store" || kind === "test",
  },
  {
    modules: ["express"],
    home: "app.ts, routes/, packages/service, the simulator and benchmarks",
    admits: ({ workspace, kind }) =>
      kind === "http" ||
      ["packages/service", "packages/github-simulator", "infra/benchmarks"].includes(workspace),
  },
];

/**
 * The overrides that hold every file to the rules above.
 *
 * A later override replaces the options of an earlier one, it adds nothing to them. So there is one for each
 * kind of file in each workspace, and each carries its whole list.
 */
export function importRules(): OxlintOverride[] {
  return Object.keys(arrows).flatMap((workspace) =>
    (["source", "http", "store", "test"] as const).map((kind) => ({
      files: kinds[kind](workspace),
      rules: {
        "no-restricted-imports": ["error", { patterns: restrictions({ workspace, kind }) }] as const,
        "no-restricted-globals": isPure({ workspace, kind })
          ? (["error", { globals: impureGlobals.map(forbidGlobal), checkGlobalObject: true }] as const)
          : "off",
        "no-restricted-properties": isPure({ workspace, kind })
          ? (["error", { object: "Math", property: "random", message: pureMessage }] as const)
          : "off",
      },
    })),
  );
}

/** A pattern of the rule no-restricted-imports. */
interface Restriction {
  readonly group?: string[];
  readonly regex?: string;
  readonly message: string;
}

/** The linter's expressions have no look-ahead, so exceptions need a group, with the exceptions behind a "!". */
function restrictions(place: Place): Restriction[] {
  return [
    { regex: String.raw`(^|/)\.\./[^./][^/]*/(src|test)/`, message: relativeMessage },
    { regex: String.raw`^(\.\./)+(packages|services|infra|e2e)/`, message: relativeMessage },
    ...(isPure(place) ? [pureRestriction] : ownerRestrictions(place)),
  ];
}

function ownerRestrictions(place: Place): Restriction[] {
  return [
    arrowRestriction(place),
    ...(place.kind === "test" ? [] : [testingRestriction]),
    ...gates.filter((gate) => !gate.admits(place)).map(gateRestriction),
    ...(place.workspace === "packages/github" ? [] : [octokitRestriction]),
  ];
}

function arrowRestriction({ workspace, kind }: Place): Restriction {
  const allowed = [...(arrows[workspace] ?? []), ...(kind === "test" ? testArrows : [])];
  const own = basename(workspace);
  const refused = Object.keys(arrows)
    .map((path) => basename(path))
    .filter((name) => name !== own && !allowed.includes(name));
  // A test may take any /testing, so for tests the name alone is refused.
  const end = kind === "test" ? "$" : "(/|$)";
  return {
    regex: `^@nectr/(${refused.join("|")})${end}`,
    message: `${workspace} may import ${allowed.length === 0 ? "no package of ours" : allowed.join(", ")}.`,
  };
}

function gateRestriction({ modules, home }: Gate): Restriction {
  return { regex: `^(${modules.join("|")})(/|$)`, message: `Only for ${home}.` };
}

const relativeMessage = "Import another workspace by its name, not by its files.";

const testingRestriction: Restriction = {
  regex: "^@nectr/[^/]+/testing$",
  message: "A /testing export is for tests.",
};

/** Must be the last: an exception in a group also ends the search through the patterns after it. */
const octokitRestriction: Restriction = {
  group: [
    "@octokit/*",
    "@octokit/*/**",
    ...["@octokit/openapi", "@octokit/webhooks-examples"].flatMap(admit),
  ],
  message: "Only for packages/github.",
};

const pureMessage = "The review engine is pure: no files, processes, network, clock, chance or logger.";

/** Refuses everything but relative paths and the pure libraries. */
const pureRestriction: Restriction = {
  group: [
    "*",
    "!./**",
    "!../**",
    ...pureLibraries.filter((library) => !library.startsWith("@")).flatMap(admit),
    // A pattern without a slash also matches the last part of a scoped name.
    "@*/**",
    ...pureLibraries.filter((library) => library.startsWith("@")).flatMap(admit),
  ],
  message: pureMessage,
};

function admit(library: string): string[] {
  return [`!${library}`, `!${library}/**`];
}

function isPure({ workspace, kind }: Place): boolean {
  return workspace === "packages/review" && kind !== "test";
}

function forbidGlobal(name: string): { name: string; message: string } {
  return { name, message: pureMessage };
}
