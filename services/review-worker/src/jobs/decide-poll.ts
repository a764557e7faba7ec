import type { WebhookEventRow } from "@nectr/db";

/** An open pull request, as GitHub's list has it. */
export interface ListedPull {
  readonly number: number;
  readonly headSha: string;
  readonly baseRef: string;
  readonly draft: boolean;
  readonly updatedAt: Date;
}

/** What is known of a pull request. */
export interface KnownPull {
  readonly number: number;
  /** Its newest event that was not ignored; undefined where there is none, or it has expired. */
  readonly newest:
    | {
        readonly eventId: string;
        readonly action: string | null;
        readonly headSha: string | null;
        readonly status: WebhookEventRow["status"];
        readonly receivedAt: Date;
      }
    | undefined;
  /** As the job that last read it left it; undefined where none has come so far. */
  readonly row:
    | {
        readonly state: "open" | "closed" | "merged";
        readonly headSha: string;
        readonly baseRef: string;
      }
    | undefined;
}

/** An event that GitHub would have sent, had there been a webhook. */
export interface PolledEvent {
  readonly number: number;
  readonly action: "opened" | "reopened" | "synchronize" | "ready_for_review" | "edited" | "closed";
  readonly headSha: string;
  /** The pull request's newest event so far: what makes this one another one than the last of its kind. */
  readonly after: string | undefined;
  /** Only of `closed`. */
  readonly merged?: boolean;
  /** Only of `edited`: the base before. */
  readonly formerBase?: string;
}

/** One look at a repository's open pull requests. */
export interface Look {
  readonly listed: readonly ListedPull[];
  readonly known: readonly KnownPull[];
  /** By the database's clock, before GitHub was asked. */
  readonly askedAt: Date;
  readonly connectedAt: Date;
  /** Whether nothing was heard of the repository since it was connected. */
  readonly first: boolean;
  /** Of what changed later, a webhook may still be on its way. */
  readonly quietSince?: Date | undefined;
}

/** A pull request that was open, and is not in the list any more: worth asking for. */
export type GonePull = Pick<PolledEvent, "number" | "headSha" | "after">;

export interface PollDecision {
  readonly events: readonly PolledEvent[];
  readonly gone: readonly GonePull[];
}

/**
 * How many pull requests that nobody touched since the repository was connected are reviewed all the same, so that
 * whoever connects it sees reviews. The other old ones have their turn when something happens to them: a repository
 * with hundreds of forgotten pull requests must not cost hundreds of reviews.
 */
export const welcomeReviews = 10;

/** Which events a look at the open pull requests makes. */
export function decidePoll(look: Look): PollDecision {
  const { listed, known, askedAt, connectedAt, first, quietSince } = look;
  const knownOf = new Map(known.map((pull) => [pull.number, pull]));
  const welcome = new Set(
    listed
      .filter(({ draft }) => !draft)
      .toSorted((a, b) => b.updatedAt.getTime() - a.updatedAt.getTime() || b.number - a.number)
      .slice(0, first ? welcomeReviews : 0),
  );
  // What came after GitHub was asked is newer than its answer.
  const overtaken = (pull: KnownPull | undefined) =>
    pull?.newest !== undefined && pull.newest.receivedAt >= askedAt;

  const events = listed.flatMap((pull): PolledEvent[] => {
    const before = knownOf.get(pull.number);
    if (pull.draft || overtaken(before) || (quietSince && pull.updatedAt > quietSince)) return [];
    const fresh = welcome.has(pull) || pull.updatedAt >= connectedAt;
    const event =
      before === undefined ? (fresh ? { action: "opened" as const } : undefined) : news(pull, before);
    if (event === undefined) return [];
    return [{ number: pull.number, headSha: pull.headSha, after: before?.newest?.eventId, ...event }];
  });
  const open = new Set(listed.map(({ number }) => number));
  const gone = known.flatMap((pull): GonePull[] => {
    const { number, newest, row } = pull;
    if (row?.state !== "open" || open.has(number)) return [];
    if (newest?.action === "closed" || overtaken(pull)) return [];
    return [{ number, headSha: row.headSha, after: newest?.eventId }];
  });
  return { events, gone };
}

/** What has happened to a pull request that is known. */
function news(
  pull: ListedPull,
  { newest, row }: KnownPull,
): Pick<PolledEvent, "action" | "formerBase"> | undefined {
  const closed = newest === undefined ? row?.state !== "open" : newest.action === "closed";
  if (closed) return { action: "reopened" };
  // A job reviews the head that it finds, which need not be its event's.
  const settled = newest === undefined || newest.status === "completed";
  const head = settled ? (row?.headSha ?? newest?.headSha) : newest.headSha;
  if (pull.headSha !== head) return { action: "synchronize" };
  // The newest is superseded by no other event, so the pull request was a draft, or closed, when its turn came.
  if (newest?.status === "superseded") return { action: "ready_for_review" };
  // A failed one is left alone: else it would fail again each minute.
  if (settled && row !== undefined && row.baseRef !== pull.baseRef) {
    return { action: "edited", formerBase: row.baseRef };
  }
  return undefined;
}

/**
 * The event of a pull request that is gone from the list.
 * @param now as GitHub shows it; undefined where it shows none.
 */
export function decideGone(
  pull: GonePull,
  now: { readonly state: "open" | "closed"; readonly merged: boolean; readonly headSha: string } | undefined,
): PolledEvent | undefined {
  if (now?.state === "open") return undefined;
  return { ...pull, action: "closed", headSha: now?.headSha ?? pull.headSha, merged: now?.merged ?? false };
}
