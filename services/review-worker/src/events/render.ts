import type { EventFacts, ReviewFacts } from "./inspection-store.ts";
import type { Replay } from "./replay.ts";

/** One event with its review, and perhaps with what GitHub sent. */
export interface ShownEvent {
  readonly event: EventFacts;
  readonly review: ReviewFacts | undefined;
  /** Undefined where it was not asked for, null where it is kept no longer. */
  readonly payload: unknown;
}

/** For people: a line for each, the newest first. */
export function renderList(events: readonly EventFacts[]): string {
  if (events.length === 0) return "No such events.\n";
  const rows = events.map((event) => [
    event.event_id,
    event.status,
    time(event.received_at),
    subjectOf(event),
    event.action ?? event.event,
    `${event.attempts}x`,
    event.error ?? event.reason ?? "",
  ]);
  return lines(aligned(rows));
}

export function renderEvent({ event, review, payload }: ShownEvent): string {
  const fields: [string, string | number | null][] = [
    ["event", event.event_id],
    ["status", event.status],
    ["error", event.error],
    ["reason", event.reason],
    ["duplicate of", event.duplicate_of],
    ["of", subjectOf(event)],
    ["kind", [event.event, event.action].filter(Boolean).join(" ")],
    ["head", event.head_sha],
    ["delivery", `${event.delivery_guid} of hook ${event.hook_id}`],
    ["attempts", event.attempts],
    ["received", time(event.received_at)],
    ["enqueued", time(event.enqueued_at)],
    ["started", time(event.started_at)],
    ["finished", time(event.finished_at)],
  ];
  if (review !== undefined) {
    fields.push(
      ["review", `${review.id}, ${review.status}`],
      ["verdict", review.verdict],
      ["review's error", review.error],
      ["at GitHub", review.url],
    );
  }
  const known = fields.flatMap(([name, value]) =>
    value === null || value === "" ? [] : [[name, String(value)]],
  );
  const sent =
    payload === undefined ? [] : ["", payload === null ? "The payload is kept no longer." : pretty(payload)];
  return lines([...aligned(known), ...sent]);
}

export function renderReplays(replays: readonly Replay[]): string {
  if (replays.length === 0) return "No event failed in that time: nothing to do.\n";
  return lines(replays.map((replay) => `${replay.eventId}  ${describeReplay(replay)}`));
}

function describeReplay(replay: Replay): string {
  switch (replay.outcome) {
    case "queued":
      return "queued again";
    case "left-to-sweep":
      return "armed again; the queue does not answer, and gets it with the next sweep";
    case "unknown":
      return "there is no such event";
    case "not-failed":
      return `${replay.status}: only a failed event can be replayed`;
  }
}

function subjectOf({ full_name: fullName, number }: EventFacts): string {
  return `${fullName ?? ""}${number === null ? "" : `#${number}`}`;
}

function time(at: Date | null): string {
  return at === null ? "" : at.toISOString().replace(/\.\d+Z$/, "Z");
}

export function aligned(texts: readonly (readonly string[])[]): string[] {
  const rows = texts.map((row) => row.map((text) => text.replaceAll(/\s+/g, " ")));
  const widths: number[] = [];
  for (const row of rows) {
    for (const [place, text] of row.entries()) widths[place] = Math.max(widths[place] ?? 0, text.length);
  }
  return rows.map((row) =>
    row
      .map((text, place) => text.padEnd(widths[place] ?? 0))
      .join("  ")
      .trimEnd(),
  );
}

function pretty(payload: unknown): string {
  return JSON.stringify(payload, undefined, 2);
}

/** Names and reasons come from outside: none of them may steer the terminal. */
export function lines(texts: readonly string[]): string {
  return texts.map((text) => `${text.replace(/[^\P{Cc}\n]|\p{Cf}/gu, "?")}\n`).join("");
}
