import { parseArgs, type ParseArgsOptionsConfig } from "node:util";
import { z } from "zod";

/** What the command line asks for. */
export type Command = { readonly json: boolean } & (
  | {
      readonly kind: "list";
      /** Of all where there is none. */
      readonly statuses: readonly EventStatus[];
      /** `owner/name` in any case. */
      readonly repository: string | undefined;
      readonly limit: number;
    }
  | { readonly kind: "show"; readonly eventId: string; readonly payload: boolean }
  /** Of one finding, by the beginning of its fingerprint; without it, the list of them. */
  | { readonly kind: "trace"; readonly eventId: string; readonly fingerprint: string | undefined }
  /** To a folder: the newest of those that were kept. */
  | { readonly kind: "questions"; readonly folder: string; readonly limit: number }
  | { readonly kind: "replay"; readonly eventIds: readonly string[] }
  /** Those that failed within so many seconds; all where there is no number. */
  | { readonly kind: "replay-failed"; readonly sinceSeconds: number | undefined }
);

const statuses = [
  "pending",
  "processing",
  "completed",
  "failed",
  "superseded",
  "duplicate",
  "ignored",
] as const;
type EventStatus = (typeof statuses)[number];

/** The command line can't be read. The message says what is wrong with it; `usage` says what can be asked for. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

export const usage = `Events that GitHub sent, and what became of them.

  npm run events -- list [--status STATUS]... [--repository OWNER/NAME] [--limit N]
  npm run events -- show EVENT_ID [--payload]
  npm run events -- trace EVENT_ID [FINDING]
  npm run events -- questions --to FOLDER [--limit N]
  npm run events -- replay EVENT_ID...
  npm run events -- replay --failed [--since 2h]

  --status      ${statuses.join(", ")}
  --limit       how many, newest first (50; 1,000 at most)
  --payload     with what GitHub sent
  --since       that failed within this time: 90s, 30m, 2h or 7d
  --json        for programs

trace tells how each finding of the event's review came to where it is, from the model's answer to the posted line.
questions writes what the model was asked, and answered, for "npm run eval -- replay"; KEEP_QUESTIONS keeps it.

Only a failed event can be replayed. Replaying one twice is harmless.
`;

const common = { json: { type: "boolean" } } as const;
const mostListed = 1_000;

/** @throws UsageError */
export function parseCommand(args: readonly string[]): Command {
  const [name, ...rest] = args;
  switch (name) {
    case "list":
      return parseList(rest);
    case "show":
      return parseShow(rest);
    case "trace":
      return parseTrace(rest);
    case "questions":
      return parseQuestions(rest);
    case "replay":
      return parseReplay(rest);
    case undefined:
      throw new UsageError("Say what to do: list, show, trace, questions or replay.");
    default:
      throw new UsageError(`There is no "${name}": it is list, show, trace, questions or replay.`);
  }
}

function parseList(args: string[]): Command {
  const { values, positionals } = read(args, {
    ...common,
    status: { type: "string", multiple: true },
    repository: { type: "string" },
    limit: { type: "string" },
  });
  const [extra] = positionals;
  if (extra !== undefined) throw new UsageError(`list takes no "${extra}".`);
  const { json = false, status = [], repository, limit } = values;
  if (repository !== undefined && !/^[^/\s]+\/[^/\s]+$/.test(repository)) {
    throw new UsageError("--repository takes owner/name.");
  }
  return { kind: "list", json, statuses: status.map(statusNamed), repository, limit: limitOf(limit) };
}

function parseQuestions(args: string[]): Command {
  const { values, positionals } = read(args, {
    ...common,
    to: { type: "string" },
    limit: { type: "string" },
  });
  if (values.to === undefined || positionals.length > 0) throw new UsageError("questions takes --to FOLDER.");
  return { kind: "questions", json: values.json ?? false, folder: values.to, limit: limitOf(values.limit) };
}

function limitOf(text = "50"): number {
  const count = Number(text);
  if (!/^\d+$/.test(text) || count < 1 || count > mostListed) {
    throw new UsageError(`--limit takes a number from 1 to ${mostListed}.`);
  }
  return count;
}

function statusNamed(name: string): EventStatus {
  const status = statuses.find((known) => known === name);
  if (status === undefined) throw new UsageError(`--status takes one of ${statuses.join(", ")}.`);
  return status;
}

function parseShow(args: string[]): Command {
  const { values, positionals } = read(args, { ...common, payload: { type: "boolean" } });
  const [eventId, ...extra] = positionals;
  if (eventId === undefined || extra.length > 0) throw new UsageError("show takes the id of one event.");
  const { json = false, payload = false } = values;
  return { kind: "show", json, eventId: idOf(eventId), payload };
}

function parseTrace(args: string[]): Command {
  const { values, positionals } = read(args, common);
  const [eventId, fingerprint, ...extra] = positionals;
  if (eventId === undefined || extra.length > 0) {
    throw new UsageError("trace takes the id of one event, and perhaps which finding.");
  }
  if (fingerprint !== undefined && !/^[0-9a-f]{4,32}$/i.test(fingerprint)) {
    throw new UsageError(`"${fingerprint}" is no finding: trace without it lists them.`);
  }
  return {
    kind: "trace",
    json: values.json ?? false,
    eventId: idOf(eventId),
    fingerprint: fingerprint?.toLowerCase(),
  };
}

function parseReplay(args: string[]): Command {
  const { values, positionals } = read(args, {
    ...common,
    failed: { type: "boolean" },
    since: { type: "string" },
  });
  const { json = false, failed = false, since } = values;
  if (failed && positionals.length > 0) throw new UsageError("replay takes either ids or --failed.");
  if (failed) {
    const sinceSeconds = since === undefined ? undefined : secondsOf(since);
    return { kind: "replay-failed", json, sinceSeconds };
  }
  if (since !== undefined) throw new UsageError("--since goes with --failed.");
  if (positionals.length === 0) throw new UsageError("replay takes the ids of events, or --failed.");
  return { kind: "replay", json, eventIds: [...new Set(positionals.map(idOf))] };
}

function read<const T extends ParseArgsOptionsConfig>(args: string[], options: T) {
  try {
    return parseArgs({ args, options, allowPositionals: true });
  } catch (cause) {
    throw new UsageError(cause instanceof Error ? cause.message : String(cause), { cause });
  }
}

function idOf(text: string): string {
  const id = z.guid().safeParse(text);
  if (!id.success) throw new UsageError(`"${text}" is no event's id. Ids are what list shows first.`);
  return id.data.toLowerCase();
}

const unitSeconds: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3_600, d: 86_400 };

function secondsOf(text: string): number {
  const [, amount, unit = ""] = /^(\d{1,6})([smhd])$/.exec(text) ?? [];
  const seconds = unitSeconds[unit];
  if (amount === undefined || seconds === undefined) {
    throw new UsageError("--since takes a time such as 90s, 30m, 2h or 7d.");
  }
  return Number(amount) * seconds;
}
