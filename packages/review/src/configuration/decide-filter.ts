import type { RepositoryConfig } from "./repository-config.ts";
import { matchesWildcard } from "./wildcard.ts";

/** What the filters look at. */
export interface FilteredPull {
  readonly draft: boolean;
  readonly author: { readonly login: string; readonly type: string };
  readonly labels: readonly string[];
  readonly title: string;
  readonly base: { readonly ref: string };
  readonly head: { readonly ref: string };
}

export type FilterDecision =
  | { readonly kind: "run" }
  /** `reason` is a clause, in which nothing of the pull request is quoted. */
  | { readonly kind: "skip"; readonly reason: string };

/** Whether the team wants a pull request to be reviewed. */
export function decideFilter({ filters }: RepositoryConfig, pull: FilteredPull): FilterDecision {
  if (pull.draft && !filters.drafts) return skip("the pull request is a draft");
  if (pull.author.type === "Bot" && !filters.bots) return skip("its author is a bot");
  const asked: [string, RepositoryConfig["filters"]["labels"], readonly string[]][] = [
    ["label", filters.labels, pull.labels],
    ["author", filters.authors, [pull.author.login]],
    ["title", filters.titles, [pull.title]],
    ["base branch", filters.baseBranches, [pull.base.ref]],
    ["head branch", filters.headBranches, [pull.head.ref]],
  ];
  for (const [what, { require, skip: skipped }, values] of asked) {
    const has = (pattern: string): boolean => values.some((value) => matchesWildcard(pattern, value));
    const unwanted = skipped.find(has);
    if (unwanted !== undefined) return skip(`.nectr.yml skips the ${what} "${unwanted}"`);
    if (require.length > 0 && !require.some(has)) return skip(`.nectr.yml requires another ${what}`);
  }
  return { kind: "run" };
}

function skip(reason: string): FilterDecision {
  return { kind: "skip", reason };
}
