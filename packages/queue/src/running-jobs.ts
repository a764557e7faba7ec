import { LockLostError } from "./errors.ts";

/** One job that a handler is busy with. */
export interface RunningJob extends Disposable {
  readonly signal: AbortSignal;
}

/** The jobs that run in one consumer, and how each is told that it is no longer wanted. */
export interface RunningJobs {
  /** Dispose of the job when its handler is through with it. */
  start(id: string): RunningJob;
  lockRenewed(ids: readonly string[]): void;
  lockLost(ids: readonly string[]): void;
  abortAll(reason: Error): void;
  /** Resolves once no job runs. */
  idle(): Promise<void>;
}

interface Entry {
  readonly controller: AbortController;
  readonly lockTimer: NodeJS.Timeout;
}

/**
 * BullMQ reports a lock that it could not renew, but nothing while the backend is away: so a job whose lock
 * was not renewed for `lockMs` counts as lost too, since by then others may take it.
 */
export function trackRunningJobs(lockMs: number): RunningJobs {
  const jobs = new Map<string, Entry>();
  const waiters = new Set<() => void>();

  const loseLock = (id: string) =>
    jobs.get(id)?.controller.abort(new LockLostError("The job's lock was lost"));

  function end(id: string, entry: Entry): void {
    clearTimeout(entry.lockTimer);
    if (jobs.get(id) === entry) jobs.delete(id);
    if (jobs.size > 0) return;
    for (const resolve of waiters) resolve();
    waiters.clear();
  }

  return {
    start(id) {
      const entry = { controller: new AbortController(), lockTimer: setTimeout(loseLock, lockMs, id) };
      jobs.set(id, entry);
      return { signal: entry.controller.signal, [Symbol.dispose]: () => end(id, entry) };
    },
    lockRenewed(ids) {
      for (const id of ids) jobs.get(id)?.lockTimer.refresh();
    },
    lockLost(ids) {
      for (const id of ids) loseLock(id);
    },
    abortAll(reason) {
      for (const { controller } of jobs.values()) controller.abort(reason);
    },
    async idle() {
      if (jobs.size > 0) await new Promise<void>((resolve) => waiters.add(resolve));
    },
  };
}
