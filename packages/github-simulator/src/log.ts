/** One answered request, pages and OAuth included. */
export interface RequestLogEntry {
  /** ISO 8601. */
  readonly at: string;
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly user: string | undefined;
  /** Undefined where the connection ended without an answer. */
  readonly status: number | undefined;
  readonly ms: number;
}

/** One write of content through the API: what became of it, whatever the client was told. */
export interface WriteLogEntry {
  readonly at: string;
  readonly method: string;
  /** The route's pattern, such as `/repos/:owner/:repo/pulls/:number/reviews`. */
  readonly route: string;
  readonly path: string;
  readonly user: string | undefined;
  readonly status: number;
}

/** `schema`: against GitHub's OpenAPI document; `rule`: against GitHub's other rules; `response`: ours is wrong. */
export interface Violation {
  readonly at: string;
  readonly kind: "schema" | "rule" | "response";
  readonly method: string;
  readonly path: string;
  readonly message: string;
}

/** A write that came faster than GitHub allows. */
export interface HurriedWrite {
  readonly at: string;
  readonly user: string | undefined;
  readonly path: string;
  readonly rule: "one a second" | "80 a minute" | "500 an hour";
}

export interface Log {
  readonly requests: RequestLogEntry[];
  readonly writes: WriteLogEntry[];
  readonly violations: Violation[];
  readonly hurried: HurriedWrite[];
  request(entry: RequestLogEntry): void;
  write(entry: WriteLogEntry): void;
}

/** So that a demo may run for weeks. */
const keptRequests = 20_000;

/** Kept in memory only: the log speaks of this run. */
export function createLog(): Log {
  const log: Log = {
    requests: [],
    writes: [],
    violations: [],
    hurried: [],
    request(entry) {
      log.requests.push(entry);
      if (log.requests.length > keptRequests) log.requests.shift();
    },
    write(entry) {
      const rule = brokenPace(log.writes, entry);
      if (rule) log.hurried.push({ at: entry.at, user: entry.user, path: entry.path, rule });
      log.writes.push(entry);
    },
  };
  return log;
}

/** GitHub's limits on content: a second between writes, 80 a minute, 500 an hour, for each user. */
function brokenPace(before: readonly WriteLogEntry[], next: WriteLogEntry): HurriedWrite["rule"] | undefined {
  const now = Date.parse(next.at);
  const within = (ms: number) =>
    before.filter((write) => write.user === next.user && now - Date.parse(write.at) < ms).length;
  if (within(3_600_000) >= 500) return "500 an hour";
  if (within(60_000) >= 80) return "80 a minute";
  return within(1000) >= 1 ? "one a second" : undefined;
}
