import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { startHeartbeat } from "./heartbeat.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test("a call that takes long is waited for, whether it ends well or not, and the next ones come", async () => {
  const calls: PromiseWithResolvers<void>[] = [];
  const errors: unknown[] = [];
  const renew = () => {
    calls.push(Promise.withResolvers());
    return calls.at(-1)?.promise ?? Promise.resolve();
  };
  const stop = startHeartbeat(10, renew, (error) => void errors.push(error));
  await vi.advanceTimersByTimeAsync(100);
  expect(calls).toHaveLength(1);
  calls[0]?.reject(new Error("no connection"));
  await vi.advanceTimersByTimeAsync(10);
  expect(errors).toEqual([new Error("no connection")]);
  expect(calls).toHaveLength(2);
  calls[1]?.resolve();
  await vi.advanceTimersByTimeAsync(10);
  expect(calls).toHaveLength(3);
  stop();
  calls[2]?.resolve();
  await vi.advanceTimersByTimeAsync(100);
  expect(calls).toHaveLength(3);
});
