export { connectQueues, type QueueConnection } from "./connect-queues.ts";
export { enqueueEvents } from "./enqueue-events.ts";
export { LockLostError, PayloadError, QueueUnavailableError, StoppedError } from "./errors.ts";
export { indexQueue, maintenanceQueue, queueOfAction, reviewQueue } from "./queues.ts";
export type { Consumer, JobContext, Outcome } from "./queue.ts";
