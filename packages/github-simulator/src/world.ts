import { join } from "node:path";
import type { Diffs } from "./git/diff.ts";
import type { RepositoryRecord } from "./state/model.ts";
import type { Store } from "./state/store.ts";
import type { Webhooks } from "./webhooks/webhooks.ts";

/** What every part of the simulator works on. */
export interface World {
  readonly store: Store;
  readonly diffs: Diffs;
  readonly webhooks: Webhooks;
  readonly dataDir: string;
  /** Where the simulator is reached, without a slash at the end. Known once it listens. */
  readonly url: string;
  now(): Date;
  /** Runs one task at a time for each key, so that a push and what follows from it are not interleaved. */
  oneAtATime<T>(key: string, task: () => Promise<T>): Promise<T>;
}

/** The bare git repository that backs a repository. */
export function gitDir(world: Pick<World, "dataDir">, repository: RepositoryRecord): string {
  return join(world.dataDir, "git", `${repository.id}.git`);
}

/** Now, as GitHub writes times: to the second, in UTC. */
export function timestamp(world: Pick<World, "now">): string {
  return world
    .now()
    .toISOString()
    .replace(/\.\d+Z$/, "Z");
}

/** Queues tasks by key; a failed task does not hold up the next. */
export function createQueue(): World["oneAtATime"] {
  const last = new Map<string, Promise<unknown>>();
  return (key, task) => {
    const run = (last.get(key) ?? Promise.resolve()).then(task, task);
    last.set(key, run);
    return run;
  };
}
