import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createLeaseClock } from "./lease-clock.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test("a lease counts from when it was asked for, not from when the answer came", () => {
  const lease = createLeaseClock(2_000);
  expect(lease.mayBeOver()).toBe(true);
  const granted = lease.asking();
  vi.advanceTimersByTime(1_500);
  granted();
  expect(lease.mayBeOver()).toBe(false);
  vi.advanceTimersByTime(500);
  expect(lease.mayBeOver()).toBe(true);
});

test.each([
  ["an hour ahead", 3_600_000],
  ["an hour back", -3_600_000],
])("after the clock was set %s, the database is asked once, and then the lease counts again", (_, jumpMs) => {
  const lease = createLeaseClock(2_000);
  lease.asking()();
  vi.setSystemTime(Date.now() + jumpMs);
  expect(lease.mayBeOver()).toBe(true);
  lease.asking()();
  expect(lease.mayBeOver()).toBe(false);
});
