import { createPathFilter } from "../configuration/path-filter.ts";
import type { RepositoryConfig } from "../configuration/repository-config.ts";
import type { FileDiff, SkippedFile } from "../model.ts";
import { isSubmodule, reasonByContent } from "./content-reasons.ts";
import { isAsset, reasonByPath } from "./path-reasons.ts";
import { rank } from "./rank.ts";

/** What the review reads, most relevant first, and what it leaves out, each with the reason. */
export interface Selection {
  readonly selected: FileDiff[];
  readonly skipped: SkippedFile[];
}

/** Decides which files of a diff are read: first by what the team says in `.nectr.yml`. */
export function selectFiles(files: readonly FileDiff[], config: RepositoryConfig): Selection {
  const reasonOfTeam = createPathFilter(config);
  const selected: FileDiff[] = [];
  const skipped: SkippedFile[] = [];

  for (const file of files) {
    const ofTeam = reasonOfTeam(file.path);
    const skip = ofTeam === undefined ? skipOf(file) : expectedly(ofTeam);
    if (skip === undefined) selected.push(file);
    else skipped.push({ path: file.path, ...skip });
  }
  return { selected: selected.toSorted((a, b) => rank(a.path) - rank(b.path)), skipped };
}

type Skip = Omit<SkippedFile, "path">;

function expectedly(reason: string): Skip {
  return { reason, expected: true };
}

/** What speaks for not reading a file that the team did not exclude itself. */
function skipOf(file: FileDiff): Skip | undefined {
  if (file.status === "removed") return expectedly("deleted");
  const byPath = reasonByPath(file.path);
  if (byPath !== undefined)
    return byPath.expected ? expectedly(byPath.reason) : lookingGenerated(byPath.reason, file);
  const absent = skipByAbsence(file);
  if (absent !== undefined) return absent;
  if (isSubmodule(file)) return { reason: "a submodule", expected: false };
  const reason = reasonByContent(file);
  return reason === undefined ? undefined : lookingGenerated(reason, file);
}

/** A mark or a name that anyone can write must not hide the lines that it comes with. */
function lookingGenerated(reason: string, file: FileDiff): Skip {
  const hidesNothing = file.additions === 0 && !file.patchMissing && !file.binary;
  return hidesNothing ? expectedly(reason) : { reason, expected: false, looks: "generated" };
}

/** A file in which there is nothing to read. */
function skipByAbsence(file: FileDiff): Skip | undefined {
  if (file.patchMissing) return { reason: "too large: GitHub sent no diff for it", expected: false };
  // A single zero byte makes a binary file of any source.
  if (file.binary) return { reason: "binary", expected: isAsset(file.path) };
  if (file.hunks.length > 0) return undefined;
  if (file.status === "renamed") return expectedly("only renamed");
  if (file.status === "copied") return expectedly("only copied");
  return expectedly(file.status === "added" ? "empty" : "only its mode changed");
}
