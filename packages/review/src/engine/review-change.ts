import { composeReview } from "../compose/compose-review.ts";
import { fingerprintFindings, lineTextOfDiff } from "../findings/fingerprint.ts";
import { toFindings } from "../findings/to-findings.ts";
import type { FileDiff, Finding, Review, SkippedFile } from "../model.ts";
import { placeFindings } from "../placement.ts";
import { selectFiles } from "../selection/select-files.ts";
import { checkSuggestions } from "../suggestions/check-suggestions.ts";
import type { Change } from "./change.ts";
import { checkFindings } from "./check-findings.ts";
import { coverageOf } from "./coverage-of.ts";
import { inspect } from "./inspect.ts";
import type { CodeScope, EnginePorts } from "./ports.ts";
import { read, type Reading } from "./read.ts";
import { fetchTexts } from "./texts.ts";

export interface ReviewOptions {
  /** Whether several look at each part of the diff, each for one kind of defect, and one report is made of theirs. */
  readonly lenses?: boolean;
}

/**
 * Reviews a change, from its diff to what is to be posted. It decides; whatever reads, sends or waits is behind the
 * ports, and what they throw breaks the review off.
 */
export async function reviewChange(
  ports: EnginePorts,
  change: Change,
  { lenses = false }: ReviewOptions = {},
): Promise<Review> {
  const progress = ports.onProgress ?? (() => {});
  const { selected, skipped } = select(change);
  progress(`Fetching the texts of ${selected.length} ${selected.length === 1 ? "file" : "files"}`);
  const texts = await fetchTexts(ports, change, selected);
  progress("The analysers look through them");
  const inspection = await inspect(ports, change, texts);
  const scopes = await ports.analysers.outline(texts.changed);
  const reading =
    ports.model === undefined
      ? { absence: "no model is configured" }
      : await read(
          ports.model,
          { change, selected, texts: texts.head, scopes, evidence: inspection.findings, lenses },
          progress,
        );

  const said =
    "absence" in reading ? [] : reading.answers.map(({ question, answer }) => toFindings(answer, question));
  const found = said.flatMap(({ findings }) => findings);
  const placed = place([...inspection.findings, ...found], { change, head: texts.head, scopes });
  if (placed.findings.length > 0) progress("Each finding is checked against the code");
  // A model that reads nothing now would check nothing, either.
  const model = "absence" in reading || reading.models.length === 0 ? undefined : ports.model;
  const checked = await checkFindings(
    { ...ports, model },
    {
      change,
      findings: placed.findings,
      texts: texts.head,
      scopes,
    },
  );
  const failures = [
    ...change.failures,
    ...texts.failures,
    ...inspection.failures,
    ...said.flatMap(({ problems }) => problems),
    ...placed.problems,
    ...checked.failures,
  ];
  const cost = await ports.model?.cost();
  const tookMs = ports.elapsedMs?.();
  return composeReview({
    key: change.key,
    findings: checked.kept,
    withheld: checked.withheld,
    earlier: change.earlier,
    ...("untold" in reading && { untold: reading.untold }),
    coverage: coverageOf({ change, selected, skipped, inspection, reading, failures }),
    summary: summaryOf(reading),
    config: change.config,
    files: change.files,
    ...(cost && { cost }),
    ...(tookMs !== undefined && { tookMs }),
  });
}

/** What is read, and what not: what is over the team's own limit is listed, too. */
function select({ files, config }: Change): {
  selected: readonly FileDiff[];
  skipped: readonly SkippedFile[];
} {
  const { selected, skipped } = selectFiles(files, config);
  const { files: most } = config.limits;
  const reason = `over the limit of ${most} files in .nectr.yml`;
  return {
    selected: selected.slice(0, most),
    skipped: [...skipped, ...selected.slice(most).map(({ path }) => ({ path, reason }))],
  };
}

interface Code {
  readonly change: Change;
  readonly head: ReadonlyMap<string, string>;
  readonly scopes: ReadonlyMap<string, readonly CodeScope[]>;
}

/** Finds each finding's lines, and keeps of the suggestions those that can be applied there. */
function place(findings: readonly Finding[], { change: { files }, head, scopes }: Code) {
  const { findings: placed, problems } = checkSuggestions(
    placeFindings(findings, files, { scopes, texts: head }),
    head,
    files,
  );
  return { findings: fingerprintFindings(placed, lineTextOfDiff(files)), problems };
}

function summaryOf(reading: Reading | { readonly absence: string }): string {
  if ("absence" in reading) return "";
  const summaries = reading.answers.map(({ answer }) => answer.summary.trim());
  return [...new Set(summaries)].join("\n\n");
}
