import { configFor } from "./config-for.ts";
import { fileLanguageOf } from "./file-languages.ts";
import { createGlobs } from "./glob.ts";
import type { RepositoryConfig } from "./repository-config.ts";

/** Tells of a path why the team does not want the file read, in a reader's words; undefined where it does. */
export function createPathFilter(config: RepositoryConfig): (path: string) => string | undefined {
  const globs = createGlobs();
  return (path) => {
    const { paths, languages } = configFor(config, path);
    const ignoring = paths.ignore.find((glob) => globs.match(glob, path));
    if (ignoring !== undefined) return `ignored by .nectr.yml: ${ignoring}`;
    if (paths.include.length > 0 && !paths.include.some((glob) => globs.match(glob, path))) {
      return "not included by .nectr.yml";
    }
    const language = fileLanguageOf(path);
    return language !== undefined && languages.ignore.includes(language)
      ? `ignored by .nectr.yml: the language ${language}`
      : undefined;
  };
}
