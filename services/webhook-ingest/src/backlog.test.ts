import fc from "fast-check";
import { expect, test } from "vitest";
import type { QueuedEvent } from "./arrival.ts";
import { createBacklog } from "./backlog.ts";

const event = (repositoryId: number, number: number): QueuedEvent => ({
  status: "queued",
  eventId: `${repositoryId}-${number}`,
  repositoryId,
  action: "opened",
});

test("a flood of one repository holds up no other", () => {
  const backlog = createBacklog();
  for (let number = 0; number < 1_000; number += 1) backlog.add(event(1, number));
  backlog.add(event(2, 0));
  backlog.add(event(3, 0));
  expect(backlog.take(4).map(({ eventId }) => eventId)).toEqual(["1-0", "2-0", "3-0", "1-1"]);
  expect(backlog.size).toBe(998);
});

test("whatever comes and is taken in between, nothing is lost, and each repository's events keep their order", () => {
  const step = fc.oneof(
    fc.record({ add: fc.nat({ max: 3 }) }),
    fc.record({ take: fc.integer({ min: 1, max: 5 }) }),
  );
  fc.assert(
    fc.property(fc.array(step), (steps) => {
      const backlog = createBacklog();
      const given: QueuedEvent[] = [];
      const taken: QueuedEvent[] = [];
      for (const [index, each] of steps.entries()) {
        if ("take" in each) {
          const some = backlog.take(each.take);
          expect(some).toHaveLength(Math.min(each.take, given.length - taken.length));
          taken.push(...some);
        } else {
          given.push(event(each.add, index));
          backlog.add(event(each.add, index));
        }
        expect(backlog.size).toBe(given.length - taken.length);
      }
      taken.push(...backlog.take(Infinity));
      const byRepository = (events: QueuedEvent[]) => Map.groupBy(events, ({ repositoryId }) => repositoryId);
      const [wanted, got] = [byRepository(given), byRepository(taken)];
      for (const [repositoryId, events] of wanted) expect(got.get(repositoryId)).toEqual(events);
      expect(taken).toHaveLength(given.length);
    }),
  );
});
