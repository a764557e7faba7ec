import { DelayedError, UnrecoverableError, WaitingError } from "bullmq";
import type { Backend, BullJob } from "./backend.ts";
import { endsWithin } from "./deadline.ts";
import { PayloadError, StoppedError, toError } from "./errors.ts";
import { parsePayload } from "./payload.ts";
import type { Consumer, ConsumerOptions, Handler, Outcome, Queue } from "./queue.ts";
import { trackRunningJobs, type RunningJob } from "./running-jobs.ts";

const defaultLockMs = 30_000;
/** A job that brought so many workers down is not given to another one. */
const maxStalled = 5;
/** How long aborted handlers, and after them the connections, get to come to an end. */
const stopStepMs = 1_500;

/** What BullMQ is told of a failed attempt. It stores the message, so the reason itself stays out of it. */
class AttemptError extends Error {}

/** Takes jobs from `queue` and gives them to `handler`, from now until it is stopped. */
export function createConsumer<P>(
  backend: Backend,
  queue: Queue<P>,
  handler: Handler<P>,
  options: ConsumerOptions<P>,
): Consumer {
  const { concurrency, lockMs = defaultLockMs, stalledIntervalMs = lockMs, onError } = options;
  const running = trackRunningJobs(lockMs);
  let stopped: Promise<void> | undefined;
  let abandoned = false;

  async function process(job: BullJob, token = ""): Promise<void> {
    // Fetched just before the stop began.
    if (stopped !== undefined) return giveBack(job, token);
    const payload = readPayload(job);
    using run = running.start(job.id ?? "");
    const attempt = job.attemptsMade + 1;
    const lastAttempt = attempt >= (job.opts.attempts ?? 1);
    let outcome: Outcome;
    try {
      outcome = await handler(payload, { attempt, lastAttempt, signal: run.signal });
    } catch (thrown) {
      return await failAttempt(run, { job, token, payload, error: toError(thrown), lastAttempt });
    }
    if (outcome.kind === "later") await park(job, token, outcome.delayMs);
  }

  function readPayload(job: BullJob): P {
    try {
      return parsePayload(queue, job.data);
    } catch (error) {
      throw new UnrecoverableError(toError(error).message);
    }
  }

  async function failAttempt(run: RunningJob, failed: FailedAttempt<P>): Promise<never> {
    const { job, token, payload, error, lastAttempt } = failed;
    if (run.signal.reason instanceof StoppedError) return giveBack(job, token);
    // Without the lock this attempt decides nothing: the job is another worker's, who will tell of it.
    if (run.signal.aborted) onError(error);
    else await tellFailed(payload, error, lastAttempt);
    throw new AttemptError("The attempt failed");
  }

  async function tellFailed(payload: P, error: Error, final: boolean): Promise<void> {
    try {
      await options.onFailed(payload, error, final);
    } catch (thrown) {
      onError(new Error(`A failure of the queue ${queue.name} could not be recorded`, { cause: thrown }));
    }
  }

  /** Failures that no handler caused: a payload that cannot be read, a job that could not be parked, too many workers lost over it. */
  function onBullFailed(job: BullJob | undefined, error: Error): void {
    if (job === undefined || error instanceof AttemptError) return;
    const parsed = queue.payload.safeParse(job.data);
    if (parsed.success) void tellFailed(parsed.data, error, job.finishedOn !== undefined);
    else onError(new PayloadError(error.message));
  }

  const { worker, abandon } = backend.openWorker(queue.name, process, {
    concurrency,
    lockDuration: lockMs,
    stalledInterval: stalledIntervalMs,
    maxStalledCount: maxStalled,
    // Default 15 s: how long a worker is idle after an outage of the backend.
    runRetryDelay: 1_000,
  });
  // From an abandoned worker, errors tell no more than that.
  worker.on("error", (error) => abandoned || onError(error));
  worker.on("failed", onBullFailed);
  worker.on("completed", (job) => options.onCompleted?.(parsePayload(queue, job.data)));
  worker.on("lockRenewalFailed", running.lockLost);
  worker.on("locksRenewed", ({ jobIds }) => running.lockRenewed(jobIds));

  async function stop(graceMs: number): Promise<void> {
    const closed = worker.close();
    let idle = await endsWithin(graceMs, running.idle());
    if (!idle) {
      running.abortAll(new StoppedError("The consumer stops"));
      idle = await endsWithin(stopStepMs, running.idle());
    }
    if (idle && (await endsWithin(stopStepMs, closed))) return;
    abandoned = true;
    abandon();
    await endsWithin(stopStepMs, closed);
  }

  return {
    get running() {
      return stopped === undefined && worker.isRunning();
    },
    stop: (graceMs) => (stopped ??= stop(graceMs)),
  };
}

interface FailedAttempt<P> {
  readonly job: BullJob;
  readonly token: string;
  readonly payload: P;
  readonly error: Error;
  readonly lastAttempt: boolean;
}

/** Parks the job, at no cost of an attempt, and frees the slot. */
async function park(job: BullJob, token: string, delayMs: number): Promise<never> {
  // The database of the one backend takes whole milliseconds alone.
  await job.moveToDelayed(Date.now() + Math.ceil(delayMs), token);
  throw new DelayedError();
}

/** Puts the job back for another worker, at no cost of an attempt. */
async function giveBack(job: BullJob, token: string): Promise<never> {
  await job.moveToWait(token);
  throw new WaitingError();
}
