import type { Db } from "@nectr/db";
import type { FaultEffect, Simulator } from "@nectr/github-simulator";
import { vi } from "vitest";
import { patience } from "./outcomes.ts";
import { lockRows } from "./row-lock.ts";

/** A pull request at which a worker is to stand still. */
export interface Scene {
  readonly db: Db;
  readonly simulator: Simulator;
  readonly repository: { readonly id: number; readonly fullName: string };
  readonly number: number;
  /** When the worker gets what it stands still for; left out, it never does. */
  readonly held?: Promise<void> | undefined;
  /** Called whenever the model is asked, before it answers. */
  onAsked: (question: number) => "hang" | void | Promise<void>;
  /** Called once the worker can do no more. */
  afterwards: (() => Promise<void>)[];
}

/** Lets the worker come as far as to some place, and no further. @param reached is called then. */
export type Stand = (scene: Scene, reached: () => void) => void | Promise<void>;

const places = {
  pull: /\/pulls\/(\d+)$/,
  files: /\/pulls\/(\d+)\/files$/,
  reviews: /\/pulls\/(\d+)\/reviews$/,
  dismissals: /\/pulls\/(\d+)\/reviews\/\d+\/dismissals$/,
  comments: /\/issues\/(\d+)\/comments$/,
  comment: /\/issues\/comments\/\d+$/,
};

type GitHubPlace = readonly [method: string, place: keyof typeof places];

/** The next request of this kind for the scene's repository, and pull request where the path names one. */
function fault(
  { simulator, repository, number }: Scene,
  [method, place]: GitHubPlace,
  effect: FaultEffect,
  onMeet?: () => void,
): void {
  const { source } = places[place];
  const path = new RegExp(
    `^/repos/${repository.fullName}${source.replace(String.raw`(\d+)`, String(number))}`,
  );
  simulator.faults.add({ method, path, times: 1, effect, onMeet });
}

export function atGitHub(...[method, place, when]: [...GitHubPlace, "before" | "after"]): Stand {
  return (scene, reached) => fault(scene, [method, place], standstill(scene, when), reached);
}

/** The first query: for the repository's settings, or for the files' texts where this worker knows those already. */
export function standAtTexts(scene: Scene, reached: () => void): void {
  const [user = ""] = scene.repository.fullName.split("/");
  const effect = standstill(scene, "before");
  scene.simulator.faults.add({
    user,
    method: "POST",
    path: /^\/graphql$/,
    times: 1,
    effect,
    onMeet: reached,
  });
}

function standstill({ held }: Scene, when: "before" | "after"): FaultEffect {
  return held ? { kind: "hold", until: () => held } : { kind: "hang", when };
}

export function atModel(question: number): Stand {
  return (scene, reached) => {
    scene.onAsked = (asked) => {
      if (asked !== question) return;
      reached();
      return scene.held ?? "hang";
    };
  };
}

export function standBeforePosting(scene: Scene, reached: () => void): void {
  scene.onAsked = () => fault(scene, ["GET", "pull"], standstill(scene, "before"), reached);
}

export function standAtDraft(when: "before" | "after"): Stand {
  return (scene, reached) => {
    const body = { message: "Unprocessable Entity", errors: ["Line could not be resolved"] };
    const hang = () => fault(scene, ["POST", "reviews"], standstill(scene, when), reached);
    // The rule for the next request must not meet this one too.
    const refuse = { kind: "status", status: 422, when: "before", body } as const;
    fault(scene, ["POST", "reviews"], refuse, () => queueMicrotask(hang));
  };
}

export function standAtMarker(scene: Scene, reached: () => void): void {
  fault(scene, ["POST", "reviews"], { kind: "status", status: 502, when: "after" });
  fault(scene, ["GET", "reviews"], standstill(scene, "before"), reached);
}

type LockOfScene = (scene: Scene) => (tx: Db) => Promise<unknown>;

/** Stands where the database is to change rows that are locked since the worker came to `from`. */
export function atRows({ from, lock }: { from: GitHubPlace | "model"; lock: LockOfScene }): Stand {
  return (scene, reached) => {
    const until = () => standAtRows(scene, lock, reached);
    if (from === "model") scene.onAsked = until;
    else fault(scene, from, { kind: "hold", until });
  };
}

/** @returns once the rows are locked. */
export async function standAtRows(
  scene: Scene,
  lock: LockOfScene,
  reached: () => void,
  statement?: string,
): Promise<void> {
  const rows = await lockRows(scene.db, lock(scene));
  scene.afterwards.push(() => rows.release());
  void rows.met(statement).then(reached);
}

/** The claim's heartbeat may wait there too. */
export function standAtClaim(scene: Scene, reached: () => void): void {
  const until = () => standAtRows(scene, pullRequestRow, reached, 'set "claim_posting"');
  scene.onAsked = () => fault(scene, ["GET", "pull"], { kind: "hold", until });
}

export function eventRow({ repository, number }: Scene) {
  return (tx: Db) =>
    tx
      .selectFrom("webhook_events")
      .select("event_id")
      .where("repository_id", "=", repository.id)
      .where("number", "=", number)
      .forUpdate()
      .execute();
}

export function pullRequestRow({ repository, number }: Scene) {
  return (tx: Db) =>
    tx
      .selectFrom("pull_requests")
      .select("number")
      .where("repository_id", "=", repository.id)
      .where("number", "=", number)
      .forUpdate()
      .execute();
}

function reviewRow({ repository, number }: Scene, tx: Db) {
  return tx
    .selectFrom("reviews")
    .select("id")
    .where("repository_id", "=", repository.id)
    .where("number", "=", number);
}

/** Nobody can change the review's row, but rows that belong to it can come. */
export function reviewItself(scene: Scene) {
  return (tx: Db) => reviewRow(scene, tx).forNoKeyUpdate().execute();
}

export function reviewAndItsParts(scene: Scene) {
  return (tx: Db) => reviewRow(scene, tx).forUpdate().execute();
}

/** The event has been waiting for another worker's claim, which is over now. */
export function standAtClaimOfEvent(scene: Scene, reached: () => void): void {
  const { db, repository, number } = scene;
  const claimed = () =>
    db
      .insertInto("pull_requests")
      .values({
        repository_id: repository.id,
        number,
        title: "",
        author_login: "",
        state: "open",
        draft: false,
        head_sha: "",
        base_ref: "main",
        claimed_by: "somebody",
        claim_expires_at: new Date(Date.now() + 3_600_000),
      })
      .execute();
  const isParked = async () => {
    const event = db.selectFrom("webhook_events").select(["status", "reason"]);
    const { status, reason } = await event
      .where("repository_id", "=", repository.id)
      .where("number", "=", number)
      .executeTakeFirstOrThrow();
    return status === "pending" && reason !== null;
  };
  const stand = async () => {
    await vi.waitUntil(isParked, patience);
    await standAtRows(scene, eventRow, reached);
    const claim = { claimed_by: null, claim_expires_at: null };
    await db.updateTable("pull_requests").set(claim).where("repository_id", "=", repository.id).execute();
  };
  const until = async () => {
    await claimed();
    void stand();
  };
  fault(scene, ["GET", "pull"], { kind: "hold", until });
}
