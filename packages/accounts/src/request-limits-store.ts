import { type Db, type RequestLimitsRow, updateRequestLimits } from "@nectr/db";
import { type LimitState, type LimitStore, unusedLimits } from "@nectr/github";

/**
 * The limits of one GitHub user, shared by every process on this database, under the database's clock. The row is locked
 * for a moment, never while GitHub is asked.
 * @param account GitHub's id of the user; `operator` while it is not known whose the operator's token is.
 */
export function createRequestLimitsStore(db: Db, account: number | "operator"): LimitStore {
  return {
    update: (change) =>
      updateRequestLimits(db, String(account), toRow(unusedLimits), (row, now) => {
        const before = toState(row);
        const { state, result } = change(before, now.getTime());
        return { row: state === before ? undefined : toRow(state), result };
      }),
  };
}

function toState(row: RequestLimitsRow): LimitState {
  return {
    pausedUntil: row.paused_until.getTime(),
    strikes: row.strikes,
    pointsWholeAt: row.points_whole_at.getTime(),
    writesWholeAt: row.writes_whole_at.getTime(),
    nextWriteAt: row.next_write_at.getTime(),
    latestWrite: row.latest_write,
    lastRetryAt: row.last_retry_at.getTime(),
  };
}

function toRow(state: LimitState): RequestLimitsRow {
  return {
    paused_until: new Date(state.pausedUntil),
    strikes: state.strikes,
    points_whole_at: new Date(state.pointsWholeAt),
    writes_whole_at: new Date(state.writesWholeAt),
    next_write_at: new Date(state.nextWriteAt),
    latest_write: state.latestWrite,
    last_retry_at: new Date(state.lastRetryAt),
  };
}
