import type { Db } from "@nectr/db";
import {
  beginPosting,
  type ClaimTarget,
  type Grant,
  pullRequestNow,
  releaseClaim,
  renewLease,
  takeClaim,
} from "./claim-store.ts";

/** The claim was lost in the middle of the work. */
export class ClaimLost extends Error {
  override readonly name = "ClaimLost";
  /**
   * `taken-over`: another worker goes on with the same head, and ends the event. `moved`: there is another head, or
   * the pull request is closed; GitHub has to be asked what becomes of the event.
   */
  readonly kind: "taken-over" | "moved";

  constructor(kind: "taken-over" | "moved") {
    super(kind === "moved" ? "the pull request has moved on" : "another worker took over");
    this.kind = kind;
  }
}

/** A pull request held for the time of one review. */
export interface Claim extends AsyncDisposable {
  readonly grant: Grant;
  /** Aborted, with a `ClaimLost` as its reason, as soon as the claim is seen to be lost. */
  readonly signal: AbortSignal;
  /**
   * Does `work`, which writes to GitHub, if the claim still holds. Where it fails, the write may still be under way
   * there: then the claim is not given back, but ends with its lease.
   * @throws ClaimLost, or whatever `work` throws
   */
  write<T>(work: () => Promise<T>): Promise<T>;
}

/**
 * Takes a pull request and keeps it, by renewing its lease, until disposed of.
 * @param options.signal ends the work from outside; the claim's own signal follows it.
 * @returns undefined where another worker holds it.
 */
export async function claimPullRequest(
  db: Db,
  target: ClaimTarget,
  options: { holder: string; leaseSeconds: number; signal: AbortSignal; onError: (error: unknown) => void },
): Promise<Claim | undefined> {
  const grant = await takeClaim(db, target, options.holder, options.leaseSeconds);
  if (grant === undefined) return undefined;
  const lost = new AbortController();

  const giveUp = async (): Promise<ClaimLost> => {
    // Of the pull request, not of the claim: who took over may have finished, or parked, and let go of it again.
    const { state, headSha } = await pullRequestNow(db, grant);
    const same = state === "open" && headSha === grant.headSha;
    const error = new ClaimLost(same ? "taken-over" : "moved");
    lost.abort(error);
    return error;
  };
  const beat = async (): Promise<void> => {
    const ours = await renewLease(db, grant, options.leaseSeconds);
    if (!ours && !lost.signal.aborted) await giveUp();
  };
  // Often enough that a newer push stops this review within two seconds. A database that is away for a moment is no
  // reason to stop; the guard before each write decides.
  const interval = Math.min(1_000, (options.leaseSeconds * 1_000) / 3);
  const heart = setInterval(() => void beat().catch(options.onError), interval);
  let mayBeWriting = false;

  return {
    grant,
    signal: AbortSignal.any([options.signal, lost.signal]),
    async write(work) {
      if (lost.signal.aborted || !(await beginPosting(db, grant, options.leaseSeconds))) throw await giveUp();
      mayBeWriting = true;
      const result = await work();
      mayBeWriting = false;
      return result;
    },
    async [Symbol.asyncDispose]() {
      clearInterval(heart);
      if (!mayBeWriting) await releaseClaim(db, grant);
    },
  };
}
