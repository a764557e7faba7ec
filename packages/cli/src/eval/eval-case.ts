import type { Change, EnginePorts, FileDiff } from "@nectr/review";
import type { Place } from "../git/look-around.ts";
import type { ExpectedFinding } from "./span.ts";

/** A change, and what people found in it. */
export interface EvalCase {
  readonly name: string;
  readonly language: string;
  readonly change: Change;
  readonly files: readonly FileDiff[];
  readonly readTexts: EnginePorts["readTexts"];
  /** Where a model may look around; undefined where there is only a diff. */
  readonly place: Place | undefined;
  readonly expected: readonly ExpectedFinding[];
}
