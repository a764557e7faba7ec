import { matchSequence } from "./match-sequence.ts";

/** Alternatives in braces at most, all combinations counted. */
const mostAlternatives = 64;

export interface Globs {
  readonly match: (glob: string, path: string) => boolean;
}

/**
 * Matches whole paths: `*` and `?` stop at a slash, `**` between slashes stands for any number of directories,
 * `{a,b}` for either, and a slash at the end for all that is below. All else is itself, also the brackets that some
 * frameworks put into names. Each glob is read once.
 */
export function createGlobs(): Globs {
  const known = new Map<string, readonly (readonly string[])[]>();
  return {
    match(glob, path) {
      const patterns = known.get(glob) ?? (expandBraces(glob) ?? [glob]).map(stepsOf);
      known.set(glob, patterns);
      const steps = path.split("/");
      return patterns.some((pattern) =>
        matchSequence(pattern, steps, { isAny: isAnyDepth, matches: matchesStep }),
      );
    },
  };
}

/** What a glob's braces make of it; undefined where that is too much. */
export function expandBraces(glob: string): string[] | undefined {
  let globs = [glob];
  for (;;) {
    const expanded = globs.flatMap(expandFirst);
    if (expanded.length > mostAlternatives) return undefined;
    if (expanded.length === globs.length) return expanded;
    globs = expanded;
  }
}

/** Expands the first braces that hold no others. */
function expandFirst(glob: string): string[] {
  const braces = /\{([^{}]*,[^{}]*)\}/.exec(glob);
  if (braces === null) return [glob];
  const before = glob.slice(0, braces.index);
  const after = glob.slice(braces.index + braces[0].length);
  return (braces[1] ?? "").split(",").map((alternative) => `${before}${alternative}${after}`);
}

function stepsOf(glob: string): string[] {
  return glob
    .replace(/^\.?\//, "")
    .replace(/\/$/, "/**")
    .split("/");
}

function isAnyDepth(step: string): boolean {
  return step === "**";
}

function matchesStep(pattern: string, name: string): boolean {
  return matchSequence([...pattern], [...name], {
    isAny: (part) => part === "*",
    matches: (part, character) => part === "?" || part === character,
  });
}
