import type { AccountsDeps } from "@nectr/accounts";
import type { Db } from "@nectr/db";
import type { Logger } from "@nectr/service";
import { listPolledRepositories, type PolledRepository } from "../poll-store.ts";
import type { UnfinishedEvent } from "../sweep-store.ts";
import { pollRepository } from "./poll-repository.ts";
import { createPollTroubles, type PollTrouble } from "./poll-troubles.ts";
import { createUnhurriedAccess } from "./unhurried-access.ts";

/** How a look at one repository ended. */
export type PollOutcome = "changed" | "unchanged" | PollTrouble;

export interface PollDeps {
  readonly db: Db;
  readonly accounts: AccountsDeps;
  readonly logger: Logger;
  /** How often it is done. */
  readonly intervalMs: number;
  /** Told of each repository, for metrics. */
  readonly onPoll: (outcome: PollOutcome) => void;
}

/** Looks at every repository that has no webhook. @returns the events that it stored, for the queue */
export type Poll = (signal: AbortSignal) => Promise<UnfinishedEvent[]>;

/** Repositories that are asked for at once. */
const atOnce = 4;
/** How long a repository for which GitHub has no answer may keep those behind it waiting. */
const longestLookMs = 30_000;

/** One poll at a time in a process: while one is slow, the turns that fall due in between are left out. */
export function createPoll(deps: PollDeps): Poll {
  const { db, accounts } = deps;
  const access = createUnhurriedAccess(accounts);
  const troubles = createPollTroubles(deps);
  let underWay = false;

  async function pollAll(stop: AbortSignal): Promise<UnfinishedEvent[]> {
    const waiting = (await listPolledRepositories(db)).filter((repository) => !troubles.rests(repository));
    const stored: UnfinishedEvent[] = [];
    const worker = async (): Promise<void> => {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
        stored.push(...(await pollOne(next, stop)));
      }
    };
    await Promise.all(Array.from({ length: atOnce }, worker));
    return stored;
  }

  /** What fails here is this repository's trouble alone; what it stored before is found by the sweep. */
  async function pollOne(repository: PolledRepository, stop: AbortSignal): Promise<UnfinishedEvent[]> {
    const signal = AbortSignal.any([stop, AbortSignal.timeout(longestLookMs)]);
    try {
      const events = await access(repository, signal, ({ client }) => pollRepository(db, client, repository));
      troubles.worked(repository);
      deps.onPoll(events.length > 0 ? "changed" : "unchanged");
      return events;
    } catch (error) {
      stop.throwIfAborted();
      deps.onPoll(troubles.failed(repository, error));
      return [];
    }
  }

  return async (signal) => {
    if (underWay) return [];
    underWay = true;
    try {
      return await pollAll(signal);
    } finally {
      underWay = false;
    }
  };
}
