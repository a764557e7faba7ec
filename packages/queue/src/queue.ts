import type { z } from "zod";

/** What is known of a queue without its payload. */
export interface QueueSettings {
  /** Also the name of its jobs. Holds no ':'. */
  readonly name: string;
  /** How many times a job may fail before it fails for good, the first time included. */
  readonly attempts: number;
  /** The wait after the first failure, in milliseconds; it doubles with each, and up to half of it is left to chance. */
  readonly backoffMs: number;
}

/**
 * A queue is a value: what its jobs carry, what makes two of them the same, how often one is tried. Who
 * produces and consumes them is decided elsewhere.
 *
 * The queue only delivers, at least once. The row in the database is the truth: a payload holds an id to
 * look it up by, and never a token, code or text of a pull request, since queues store it in clear text.
 */
export interface Queue<P> extends QueueSettings {
  /** Parsed when a job is added and again when it is taken, as another version may have added it. */
  readonly payload: z.ZodType<P>;
  /** While a job with this id exists, adding it again does nothing. Holds no ':' and is not all digits. */
  readonly jobId: (payload: P) => string;
}

/** What a handler makes of a job. An error that it throws is a failed attempt. */
export type Outcome =
  | { readonly kind: "done" }
  /** Not now (a rate limit, another review of the same pull request): come back later. Costs no attempt and no slot. */
  | { readonly kind: "later"; readonly delayMs: number; readonly reason: string };

/** What a handler is told about its job besides the payload. */
export interface JobContext {
  /** From 1. Grows with failures alone. */
  readonly attempt: number;
  readonly lastAttempt: boolean;
  /**
   * Aborted when the job is no longer this handler's: its lock was lost (another worker may have it by now),
   * or the consumer stops and the grace is over. A handler that throws because of that costs no attempt.
   */
  readonly signal: AbortSignal;
}

export type Handler<P> = (payload: P, job: JobContext) => Promise<Outcome>;

export interface ConsumerOptions<P> {
  /** Jobs at a time. */
  readonly concurrency: number;
  /** How long a job is this worker's without a sign of life, in milliseconds. Renewed meanwhile. Default 30 s. */
  readonly lockMs?: number;
  /** How often jobs of dead workers are looked for, in milliseconds. Default: `lockMs`. */
  readonly stalledIntervalMs?: number;
  /** Hears what belongs to no single attempt: connections, locks, payloads that cannot be read. */
  readonly onError: (error: Error) => void;
  /**
   * Hears of every failed attempt; `final` says that there will be no other. It is awaited before the job
   * is removed, so that the failure is on record by then.
   */
  readonly onFailed: (payload: P, error: Error, final: boolean) => void | Promise<void>;
  readonly onCompleted?: (payload: P) => void;
}

export interface Consumer {
  /** Whether jobs are being taken. */
  readonly running: boolean;
  /**
   * Takes no more jobs and waits up to `graceMs` for those that run; then aborts their signals, waits a
   * little more, and gives the connections up. Jobs that were cut short run again elsewhere, at no cost
   * of an attempt. Never takes longer than the grace and 5 s.
   */
  stop(graceMs: number): Promise<void>;
}

export interface AddOptions {
  /** 1 goes first, larger ones wait longer; 0, the default, goes before all of them. At most 2,097,151. */
  readonly priority?: number;
  /** Not before so many milliseconds from now. */
  readonly delayMs?: number;
}

export interface Counts {
  readonly waiting: number;
  readonly active: number;
  /** Parked, waiting for the next attempt, or for the next turn of `every`. */
  readonly delayed: number;
  readonly failed: number;
}

/** All of its methods reject with `QueueUnavailableError`, and soon, where the backend does not answer. */
export interface Producer<P> {
  /** Rejects with `PayloadError` what the queue's schema refuses. */
  add(payload: P, options?: AddOptions): Promise<void>;
  /** Adds the payload now and then every `ms` milliseconds, however many processes ask for it and how often. */
  every(ms: number, payload: P): Promise<void>;
  counts(): Promise<Counts>;
  /** Removes a job that no worker has taken yet; does nothing where there is none. */
  remove(payload: P): Promise<void>;
  /**
   * Removes what is left of a job that no worker will take: it failed or was completed and was kept, or is in no list at
   * all. As long as it is there, adding it does nothing. One that waits, runs or is parked stays as it is.
   */
  removeStray(payload: P): Promise<void>;
}
