import {
  atGitHub,
  atModel,
  atRows,
  eventRow,
  pullRequestRow,
  reviewAndItsParts,
  reviewItself,
  standAtClaim,
  standAtClaimOfEvent,
  standAtDraft,
  standAtMarker,
  standAtRows,
  standAtTexts,
  standBeforePosting,
  type Stand,
} from "./stands.ts";

/** What is under review, or was, when the worker dies. */
export type Subject =
  | "one defect"
  | "two defects"
  /** Too large for one question to the model. */
  | "two chunks"
  /** A push to a pull request whose first head was reviewed. */
  | "a second head"
  /** A push that mends what a binding review had asked to change. */
  | "a mended defect"
  /** A closing of what was reviewed. */
  | "a closing";

/** A place in a worker's work. */
export interface KillPoint {
  /** Continues "killed while". */
  readonly name: string;
  readonly subject: Subject;
  /** Whether who goes on with the work comes by here again. */
  readonly recurs: boolean;
  readonly stand: Stand;
}

/** In the order in which a review comes to them. */
export const killPoints: readonly KillPoint[] = [
  { ...once("claiming the event"), stand: standAtClaimOfEvent },
  { ...again("asking for the pull request"), stand: atGitHub("GET", "pull", "before") },
  {
    ...once("noting what the pull request is"),
    subject: "a second head",
    stand: atRows({ from: ["GET", "pull"], lock: pullRequestRow }),
  },
  { ...again("asking for its files, the review being opened"), stand: atGitHub("GET", "files", "before") },
  { ...again("asking for its settings and texts"), stand: standAtTexts },
  { ...again("waiting for the model"), stand: atModel(1) },
  { ...again("waiting for its second answer"), subject: "two chunks", stand: atModel(2) },
  { ...once("saving the model's answer"), stand: atRows({ from: "model", lock: reviewAndItsParts }) },
  { ...once("saving what will be posted"), stand: atRows({ from: "model", lock: reviewItself }) },
  { ...once("about to post"), stand: standBeforePosting },
  { ...once("asking whether its claim holds, just before it posts"), stand: standAtClaim },
  { ...again("posting the review, which GitHub did not get"), stand: atGitHub("POST", "reviews", "before") },
  { ...once("posting the review, which GitHub has"), stand: atGitHub("POST", "reviews", "after") },
  {
    ...again("looking which comment GitHub refuses, by a draft that it did not get"),
    subject: "two defects",
    stand: standAtDraft("before"),
  },
  {
    ...again("looking which comment GitHub refuses, by a draft that it has"),
    subject: "two defects",
    stand: standAtDraft("after"),
  },
  { ...again("looking for a review of which GitHub said 502"), stand: standAtMarker },
  {
    ...once("writing the posted findings into the ledger"),
    stand: atRows({ from: ["POST", "reviews"], lock: reviewAndItsParts }),
  },
  {
    ...again("looking for the summary, the review being noted"),
    stand: atGitHub("GET", "comments", "before"),
  },
  {
    ...again("posting the summary, which GitHub did not get"),
    stand: atGitHub("POST", "comments", "before"),
  },
  { ...once("posting the summary, which GitHub has"), stand: atGitHub("POST", "comments", "after") },
  {
    ...again("dismissing an old verdict, which GitHub did not get"),
    subject: "a mended defect",
    stand: atGitHub("PUT", "dismissals", "before"),
  },
  {
    ...once("dismissing an old verdict, which GitHub has"),
    subject: "a mended defect",
    stand: atGitHub("PUT", "dismissals", "after"),
  },
  {
    ...again("editing the summary, which GitHub did not get"),
    subject: "a second head",
    stand: atGitHub("PATCH", "comment", "before"),
  },
  {
    ...again("editing the summary, which GitHub has"),
    subject: "a second head",
    stand: atGitHub("PATCH", "comment", "after"),
  },
  {
    ...once("noting that all is done"),
    stand: atRows({ from: ["POST", "comments"], lock: eventRow }),
  },
  {
    ...once("noting a closing"),
    subject: "a closing",
    stand: (scene, reached) => standAtRows(scene, pullRequestRow, reached),
  },
];

function once(name: string): Omit<KillPoint, "stand"> {
  return { name, subject: "one defect", recurs: false };
}

function again(name: string): Omit<KillPoint, "stand"> {
  return { ...once(name), recurs: true };
}
