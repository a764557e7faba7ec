import { PayloadError } from "./errors.ts";
import type { Queue } from "./queue.ts";

/**
 * Parses a job's payload, on its way in and on its way out.
 *
 * @throws PayloadError naming the fields at fault
 */
export function parsePayload<P>(queue: Queue<P>, payload: unknown): P {
  const parsed = queue.payload.safeParse(payload);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map(
    ({ path, message }) => `${path.map(String).join(".") || "payload"}: ${message}`,
  );
  throw new PayloadError(`Not a payload of the queue ${queue.name}: ${faults.join("; ")}`);
}

/**
 * A payload's job id.
 *
 * @throws PayloadError for an id that BullMQ reads otherwise: ':' separates its keys, digits are its own ids
 */
export function jobIdOf<P>(queue: Queue<P>, payload: P): string {
  const id = queue.jobId(payload);
  if (id === "" || id.includes(":") || /^\d+$/.test(id)) {
    throw new PayloadError(`A job id of the queue ${queue.name} is empty, all digits, or holds a ':'`);
  }
  return id;
}
