import type { Db } from "@nectr/db";
import type { PullRequest } from "@nectr/github";
import {
  beginPosting,
  type ClaimTarget,
  type ClaimTransaction,
  type Grant,
  holdClaim,
  pullRequestNow,
  releaseClaim,
  renewLease,
  takeClaim,
} from "./claim-store.ts";
import { startHeartbeat } from "./heartbeat.ts";
import { createLeaseClock } from "./lease-clock.ts";

/** The claim was lost in the middle of the work. */
export class ClaimLost extends Error {
  override readonly name = "ClaimLost";
  /**
   * `taken-over`: another worker goes on with the same head, and ends the event. `moved`: there is another head, or
   * the pull request is closed; GitHub has to be asked what becomes of the event.
   */
  readonly kind: "taken-over" | "moved";
  /** The pull request as GitHub has just shown it, where that is how it was lost. */
  readonly pull: PullRequest | undefined;

  constructor(kind: "taken-over" | "moved", pull?: PullRequest) {
    super(kind === "moved" ? "the pull request has moved on" : "another worker took over");
    this.kind = kind;
    this.pull = pull;
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
  /**
   * Resolves if nobody else can have the claim at this moment. For just before a request goes out that writes: `write`
   * has asked, but this process may have waited or stood still since.
   * @throws ClaimLost
   */
  readonly confirm: () => Promise<void>;
  /**
   * Does `work` in a transaction, if the claim still holds; nobody takes it over before that is committed.
   * @throws ClaimLost, or whatever `work` throws
   */
  record<T>(work: (tx: ClaimTransaction) => Promise<T>): Promise<T>;
}

/**
 * Takes a pull request and keeps it, by renewing its lease, until disposed of. An event that comes meanwhile may tell
 * of a change, or be late and tell of an older head: GitHub is asked, once, and where the pull request has moved on the
 * claim is lost. So a stale review stops though all slots are busy, and the newest head's job has none to take it over in.
 * @param options.signal ends the work from outside; the claim's own signal follows it.
 * @param options.findMoved asks GitHub. Resolves to the pull request where it is not what is being reviewed any more.
 * @returns undefined where another worker holds it.
 */
export async function claimPullRequest(
  db: Db,
  target: ClaimTarget,
  options: {
    holder: string;
    leaseSeconds: number;
    signal: AbortSignal;
    findMoved: (signal: AbortSignal) => Promise<PullRequest | undefined>;
    onError: (error: unknown) => void;
  },
): Promise<Claim | undefined> {
  const lease = createLeaseClock(options.leaseSeconds * 1_000);
  const taken = lease.asking();
  const grant = await takeClaim(db, target, options.holder, options.leaseSeconds);
  if (grant === undefined) return undefined;
  taken();
  const lost = new AbortController();
  const released = new AbortController();
  /** News that GitHub was asked about. */
  const known = new Set<string>();
  let asking = false;
  /** What was begun to be posted is finished; just before, GitHub was asked in any case. */
  let posting = false;

  const giveUp = async (): Promise<ClaimLost> => {
    // Of the pull request, not of the claim: who took over may have finished, or parked, and let go of it again.
    const { state, headSha } = await pullRequestNow(db, grant);
    const same = state === "open" && headSha === grant.headSha;
    const error = new ClaimLost(same ? "taken-over" : "moved");
    lost.abort(error);
    return error;
  };
  const learn = async (news: readonly string[]): Promise<void> => {
    if (asking || posting || news.every((eventId) => known.has(eventId))) return;
    for (const eventId of news) known.add(eventId);
    asking = true;
    try {
      const moved = await options.findMoved(released.signal);
      if (moved !== undefined && !posting) lost.abort(new ClaimLost("moved", moved));
    } finally {
      asking = false;
    }
  };
  const renew = async (): Promise<readonly string[] | undefined> => {
    const renewed = lease.asking();
    const news = await renewLease(db, grant, options.leaseSeconds);
    if (news !== undefined) renewed();
    return news;
  };
  const onError = (error: unknown) => released.signal.aborted || options.onError(error);
  const beat = async (): Promise<void> => {
    const news = await renew();
    if (lost.signal.aborted) return;
    if (news === undefined) await giveUp();
    // GitHub may take longer to answer than the lease lasts.
    else void learn(news).catch(onError);
  };
  // Often enough that a newer push stops this review within two seconds. A database that is away for a moment is no
  // reason to stop; the guard before each write decides.
  const interval = Math.min(1_000, (options.leaseSeconds * 1_000) / 3);
  const stopHeart = startHeartbeat(interval, beat, onError);
  let mayBeWriting = false;

  return {
    grant,
    signal: AbortSignal.any([options.signal, lost.signal]),
    async write(work) {
      lost.signal.throwIfAborted();
      posting = true;
      if (!(await beginPosting(db, grant, options.leaseSeconds))) throw await giveUp();
      mayBeWriting = true;
      const result = await work();
      mayBeWriting = false;
      return result;
    },
    async confirm() {
      while (lease.mayBeOver()) {
        if ((await renew()) === undefined) throw await giveUp();
      }
    },
    async record(work) {
      return await db.transaction().execute(async (tx) => {
        if (!(await holdClaim(tx, grant))) throw await giveUp();
        return await work(tx);
      });
    },
    async [Symbol.asyncDispose]() {
      stopHeart();
      released.abort();
      if (!mayBeWriting) await releaseClaim(db, grant);
    },
  };
}
