import type { Finding } from "../model.ts";
import { configFor } from "./config-for.ts";
import type { RepositoryConfig } from "./repository-config.ts";
import { matchesWildcard } from "./wildcard.ts";

/** Tells of an analyser's finding whether the team wants its rule to be run on its file. */
export function createRuleFilter(
  config: RepositoryConfig,
): (finding: Pick<Finding, "rule" | "path">) => boolean {
  return ({ rule, path }) => {
    const { enabled, disable } = configFor(config, path).analysers;
    return enabled && !disable.some((pattern) => matchesWildcard(pattern, rule));
  };
}
