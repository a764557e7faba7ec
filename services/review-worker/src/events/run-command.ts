import type { Db } from "@nectr/db";
import type { QueueConnection } from "@nectr/queue";
import { readPayload } from "../event-store.ts";
import type { Command } from "./command.ts";
import { findEvent, findReviewOf, listEvents, listFailed } from "./inspection-store.ts";
import { renderEvent, renderList, renderReplays, type ShownEvent } from "./render.ts";
import { renderTraces } from "./render-trace.ts";
import { readQuestions } from "./question-store.ts";
import { renderWritten, writeQuestions } from "./write-questions.ts";
import { type Replay, replayEvent } from "./replay.ts";
import { readTraces } from "./trace-store.ts";

export interface CommandDeps {
  readonly db: Db;
  /** Asked for by what enqueues, and by nothing else: an inspection needs no queue. */
  readonly openQueues: () => Promise<QueueConnection>;
}

/** What a command has to say, and whether all of it was done. */
export interface CommandResult {
  readonly output: string;
  readonly ok: boolean;
}

/** @throws Error in words for the operator. */
export async function runCommand(deps: CommandDeps, command: Command): Promise<CommandResult> {
  switch (command.kind) {
    case "list": {
      const events = await listEvents(deps.db, command);
      return { output: command.json ? json(events) : renderList(events), ok: true };
    }
    case "show": {
      const shown = await showEvent(deps.db, command);
      return { output: command.json ? json(asJson(shown)) : renderEvent(shown), ok: true };
    }
    case "trace": {
      const traces = await readTraces(deps.db, command);
      return { output: command.json ? json(traces) : renderTraces(traces), ok: true };
    }
    case "questions": {
      const written = await writeQuestions(command.folder, await readQuestions(deps.db, command.limit));
      return { output: command.json ? json(written) : renderWritten(command.folder, written), ok: true };
    }
    case "replay":
      return await replay(deps, command.eventIds, command);
    case "replay-failed":
      return await replay(deps, await listFailed(deps.db, command.sinceSeconds), command);
  }
}

async function showEvent(db: Db, wanted: { eventId: string; payload: boolean }): Promise<ShownEvent> {
  const event = await findEvent(db, wanted.eventId);
  if (event === undefined)
    throw new Error(`There is no event ${wanted.eventId}. Events are kept for 30 days.`);
  return {
    event,
    review: await findReviewOf(db, wanted.eventId),
    payload: wanted.payload ? await readPayload(db, wanted.eventId) : undefined,
  };
}

async function replay(
  { db, openQueues }: CommandDeps,
  eventIds: readonly string[],
  command: Command,
): Promise<CommandResult> {
  const replays: Replay[] = [];
  if (eventIds.length > 0) {
    await using queues = await openQueues();
    for (const eventId of eventIds) replays.push(await replayEvent({ db, queues }, eventId));
  }
  const told = replays.map(({ eventId, ...outcome }) => ({ event_id: eventId, ...outcome }));
  return {
    output: command.json ? json(told) : renderReplays(replays),
    ok: replays.every(({ outcome }) => outcome !== "unknown"),
  };
}

function asJson({ event, review, payload }: ShownEvent): object {
  return { ...event, review: review ?? null, ...(payload !== undefined && { payload }) };
}

function json(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}
