import { thousands } from "../render/words.ts";
import type { RepositoryConfig } from "../configuration/repository-config.ts";
import { reaches, type Coverage, type FileDiff, type Severity, type Verdict } from "../model.ts";

/**
 * Why a review can't vouch for the whole change, in sentences for its readers; none where it can. A file that
 * nobody expects to be read (a lock file, deleted) is no reason, as long as others were read; a source of context
 * that failed is told in the coverage, but is none either.
 *
 * @param files the diff: what of it the review set out to read must have been read by the analysers, too
 */
export function doubtsAbout(coverage: Coverage, files: readonly FileDiff[] = []): string[] {
  const { model, analysers, filesRead, filesChanged, skipped, modelTroubles = [] } = coverage;
  const unread = skipped.filter((file) => file.expected !== true);
  const generated = unread.filter((file) => file.looks === "generated").length;
  const other = unread.length - generated;
  const unanalysed = analysers.length === 0 ? 0 : countUnanalysed(coverage, files);
  const missing = filesChanged - filesRead - skipped.length;
  const doubts: [boolean, string][] = [
    [model === undefined && analysers.length === 0, "No reviewer ran."],
    [
      model === undefined && analysers.length > 0,
      "Only the built-in analysers looked at it; no model read the code.",
    ],
    [filesRead === 0, "No file was read."],
    [
      generated > 0,
      `${numbered(generated, "file that looks", "files that look")} generated or vendored ${generated === 1 ? "was" : "were"} not read; ` +
        "`paths.ignore` in `.nectr.yml` is the place for what nobody needs to read.",
    ],
    [other > 0, `${numbered(other, "file was", "files were")} not read to the end.`],
    [unanalysed > 0, `${numbered(unanalysed, "file was", "files were")} not read by the analysers.`],
    [missing > 0, `${numbered(missing, "changed file is", "changed files are")} not accounted for.`],
  ];
  return [...doubts.flatMap(([holds, sentence]) => (holds ? [sentence] : [])), ...modelTroubles];
}

/** Files with new lines that the review did not leave out, and that the analysers could not read. */
function countUnanalysed({ skipped, analysed }: Coverage, files: readonly FileDiff[]): number {
  const accounted = new Set([...analysed, ...skipped.map(({ path }) => path)]);
  return files.filter((file) => file.additions > 0 && !accounted.has(file.path)).length;
}

/** `One file was`, `1,234 files were`. */
function numbered(number: number, one: string, many: string): string {
  return number === 1 ? `One ${one}` : `${thousands(number)} ${many}`;
}

/**
 * What the review says of the pull request as a whole. It approves only what was read, by a model, and holds
 * nothing open; it never shows green for what nobody looked at.
 */
export function verdictOf(
  open: readonly { readonly severity: Severity }[],
  doubts: readonly string[],
  { requestChanges, approve }: Pick<RepositoryConfig["verdict"], "requestChanges" | "approve">,
): Verdict {
  if (requestChanges !== "never" && open.some(({ severity }) => reaches(severity, requestChanges)))
    return "request_changes";
  return open.length > 0 || doubts.length > 0 || !approve ? "comment" : "approve";
}
