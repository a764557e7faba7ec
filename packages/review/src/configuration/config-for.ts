import { isWithin } from "./directories.ts";
import type { ConfigSection, RepositoryConfig } from "./repository-config.ts";

/** What `.nectr.yml` says of one file. */
export interface PathConfig {
  /** The directory of the section that counts; undefined where only the root does. */
  readonly directory: string | undefined;
  readonly paths: RepositoryConfig["paths"];
  readonly languages: RepositoryConfig["languages"];
  readonly findings: Pick<RepositoryConfig["findings"], "minimumSeverity" | "threshold" | "categories">;
  readonly analysers: RepositoryConfig["analysers"];
}

/**
 * What counts for a file: the root's settings with those of the deepest section that holds it. A section's values
 * replace the root's; what it leaves out (paths, languages, rules) is left out besides.
 */
export function configFor(config: RepositoryConfig, path: string): PathConfig {
  const section = sectionOf(config, path);
  if (section === undefined) return { ...config, directory: undefined };
  return {
    directory: section.directory,
    paths: {
      include: section.paths.include.length > 0 ? section.paths.include : config.paths.include,
      ignore: [...config.paths.ignore, ...section.paths.ignore],
    },
    languages: { ignore: [...config.languages.ignore, ...section.languages.ignore] },
    findings: {
      minimumSeverity: section.findings.minimumSeverity ?? config.findings.minimumSeverity,
      threshold: section.findings.threshold ?? config.findings.threshold,
      categories: section.findings.categories ?? config.findings.categories,
    },
    analysers: {
      enabled: section.analysers.enabled ?? config.analysers.enabled,
      disable: [...config.analysers.disable, ...section.analysers.disable],
    },
  };
}

/** The deepest section whose directory holds a path. */
export function sectionOf({ sections }: RepositoryConfig, path: string): ConfigSection | undefined {
  return sections
    .filter(({ directory }) => isWithin(directory, path))
    .toSorted((a, b) => b.directory.length - a.directory.length)[0];
}
