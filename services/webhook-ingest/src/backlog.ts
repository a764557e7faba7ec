import type { QueuedEvent } from "./arrival.ts";

/** Events on their way to the queue. They leave in turns of their repositories, so that a flood of one holds up no other. */
export interface Backlog {
  readonly size: number;
  add(event: QueuedEvent): void;
  /** Takes out at most so many: of each repository its first, then of each its next. */
  take(most: number): QueuedEvent[];
  clear(): void;
}

export function createBacklog(): Backlog {
  /** The repository whose turn is next comes first. */
  const lines = new Map<number, { events: QueuedEvent[]; taken: number }>();
  let size = 0;

  function takeNext(repositoryId: number): QueuedEvent | undefined {
    const line = lines.get(repositoryId);
    const event = line?.events[line.taken];
    if (line === undefined || event === undefined) return undefined;
    line.taken += 1;
    size -= 1;
    lines.delete(repositoryId);
    if (line.taken < line.events.length) lines.set(repositoryId, line);
    return event;
  }

  return {
    get size() {
      return size;
    },
    add(event) {
      const line = lines.get(event.repositoryId);
      if (line === undefined) lines.set(event.repositoryId, { events: [event], taken: 0 });
      else line.events.push(event);
      size += 1;
    },
    take(most) {
      const taken: QueuedEvent[] = [];
      // A map that is walked goes on to what is put at its end meanwhile.
      for (const repositoryId of lines.keys()) {
        if (taken.length === most) break;
        const event = takeNext(repositoryId);
        if (event !== undefined) taken.push(event);
      }
      return taken;
    },
    clear() {
      lines.clear();
      size = 0;
    },
  };
}
