import { array, assert, integer, option, property, record } from "fast-check";
import { expect, test } from "vitest";
import { noOutage, type Outage, patienceMs, waitOut } from "./model-away.ts";

/** All waits of a model that fails again and again, until the review goes on without it. */
function waitsOf(failed: Parameters<typeof waitOut>[1], outage = noOutage): number[] {
  const { outage: then, delayMs } = waitOut(outage, failed);
  return delayMs === undefined ? [] : [delayMs, ...waitsOf(failed, then)];
}

test("each wait is twice the last one, and the last one is what patience has left", () => {
  const waits = waitsOf({ tookMs: 1_000, retryAfterMs: undefined });
  expect(waits).toEqual([15_000, 30_000, 60_000, 120_000, 240_000, 9_000]);
});

test("a model that is slow to fail is asked less often", () => {
  expect(waitsOf({ tookMs: 300_000, retryAfterMs: undefined })).toEqual([15_000]);
});

test("what the provider asks for is heeded where it is longer, as far as patience goes", () => {
  expect(waitOut(noOutage, { tookMs: 0, retryAfterMs: 100_000 }).delayMs).toBe(100_000);
  expect(waitOut(noOutage, { tookMs: 0, retryAfterMs: 1_000 }).delayMs).toBe(15_000);
  expect(waitsOf({ tookMs: 0, retryAfterMs: 7_200_000 })).toEqual([patienceMs]);
});

test("whatever happens, patience ends, and no wait goes beyond it", () => {
  const failure = record({
    tookMs: integer({ min: 0, max: 1_200_000 }),
    retryAfterMs: option(integer({ min: 0, max: 10_000_000 }), { nil: undefined }),
  });
  assert(
    property(array(failure, { minLength: 8, maxLength: 12, size: "max" }), (failures) => {
      let outage: Outage = noOutage;
      let waited = 0;
      let tried = 0;
      for (const failed of failures) {
        const { outage: then, delayMs } = waitOut(outage, failed);
        outage = then;
        tried += 1;
        expect(outage.failures).toBe(tried);
        if (delayMs === undefined) break;
        expect(delayMs).toBeGreaterThan(0);
        waited += delayMs;
      }
      expect(waited).toBeLessThanOrEqual(patienceMs);
      expect(tried).toBeLessThanOrEqual(7);
      expect(outage.lostMs).toBeGreaterThanOrEqual(patienceMs);
    }),
  );
});
