import type { Job, JobsOptions, Queue, WorkerListener, WorkerOptions } from "bullmq";

type AnyQueue = Queue<unknown, unknown, string>;
type WorkerEvents = WorkerListener<unknown, unknown, string>;

/** BullMQ's Queue, as far as it is used here and does not depend on the backend. */
export interface BullQueue extends Pick<
  AnyQueue,
  "add" | "upsertJobScheduler" | "getJobCounts" | "getJobState" | "remove" | "close"
> {
  on(event: "error", listener: (error: Error) => void): unknown;
}

/** BullMQ's Worker, likewise. */
export interface BullWorker {
  close(): Promise<void>;
  isRunning(): boolean;
  on<E extends keyof WorkerEvents>(event: E, listener: WorkerEvents[E]): unknown;
}

export type BullJob = Job<unknown, unknown, string>;
export type Process = (job: BullJob, token: string | undefined) => Promise<unknown>;
export type BullWorkerOptions = Omit<WorkerOptions, "connection">;

export interface OpenWorker {
  readonly worker: BullWorker;
  /** Gives up the worker's connections at once, without waiting for an answer. */
  abandon(): void;
}

/** Where jobs are stored: Redis or PostgreSQL, each opening BullMQ's own objects upon its connections. */
export interface Backend {
  readonly kind: "redis" | "postgres";
  openQueue(name: string, jobOptions: JobsOptions): BullQueue;
  openWorker(name: string, process: Process, options: BullWorkerOptions): OpenWorker;
  /** @throws QueueUnavailableError where it is known already that there would be no answer */
  requireConnection(): void;
  ping(): Promise<void>;
  close(): Promise<void>;
}
