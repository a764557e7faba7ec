import type { Db } from "@nectr/db";
import { vi } from "vitest";
import { patience } from "./outcomes.ts";

/** Rows that nobody else can change until they are let go of. */
export interface RowLock {
  /** Resolves once somebody waits for them. @param statement a part of what the one who waits wants to do. */
  met(statement?: string): Promise<unknown>;
  release(): Promise<void>;
}

/** What PostgreSQL shows of its sessions. */
type Sessions = Record<
  "pg_stat_activity",
  { pid: number; datname: string; query: string; wait_event_type: string | null }
>;

/** Locks what `lock` selects for an update. */
export async function lockRows(db: Db, lock: (tx: Db) => Promise<unknown>): Promise<RowLock> {
  const locked = Promise.withResolvers<number>();
  const over = Promise.withResolvers<void>();
  const holding = db.transaction().execute(async (tx) => {
    const session = tx.selectNoFrom((e) => e.fn<number>("pg_backend_pid").as("pid"));
    const { pid } = await session.executeTakeFirstOrThrow();
    await lock(tx);
    locked.resolve(pid);
    await over.promise;
  });
  holding.catch(locked.reject);
  const pid = await locked.promise;

  async function isAwaited(statement: string | undefined): Promise<boolean> {
    const waiting = db
      .withTables<Sessions>()
      .selectFrom("pg_stat_activity")
      .select("pid")
      .where((e) => e("datname", "=", e.fn<string>("current_database")))
      .where("wait_event_type", "=", "Lock");
    // Who waits behind another one is blocked by that one.
    const ours =
      statement === undefined
        ? waiting.where((e) => e(e.val(pid), "=", e.fn.any(e.fn<number[]>("pg_blocking_pids", ["pid"]))))
        : waiting.where("query", "like", `%${statement}%`);
    return (await ours.executeTakeFirst()) !== undefined;
  }
  return {
    met: (statement) => vi.waitUntil(() => isAwaited(statement), patience),
    async release() {
      over.resolve();
      await holding;
    },
  };
}
