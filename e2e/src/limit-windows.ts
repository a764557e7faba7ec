import type { Simulator } from "@nectr/github-simulator";

export type LoggedRequest = ReturnType<Simulator["requests"]>[number];

/** A request as far as GitHub's limits are concerned; `at` in milliseconds since 1970. */
interface Counted {
  readonly at: number;
  readonly points: number;
  readonly write: boolean;
}

/**
 * What GitHub allows a user, in whatever window one looks: a number for each, which is the most that any window held.
 * https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api#about-secondary-rate-limits
 */
export interface FullestWindows {
  readonly writesInASecond: number;
  readonly writesInAMinute: number;
  readonly writesInAnHour: number;
  readonly pointsInAMinute: number;
}

/** Measured from each request on: a window that is fullest may begin with one. */
export function fullestWindows(requests: readonly LoggedRequest[]): FullestWindows {
  const counted = requests.map(count).toSorted((a, b) => a.at - b.at);
  const writes = counted.filter(({ write }) => write);
  return {
    writesInASecond: fullest(writes, 1_000, () => 1),
    writesInAMinute: fullest(writes, 60_000, () => 1),
    writesInAnHour: fullest(writes, 3_600_000, () => 1),
    pointsInAMinute: fullest(counted, 60_000, ({ points }) => points),
  };
}

/** A query over GraphQL is a POST, and counts as a read. */
export function isWrite({ method, path }: Pick<LoggedRequest, "method" | "path">): boolean {
  return method !== "GET" && !path.endsWith("/graphql");
}

function count({ at, ...request }: LoggedRequest): Counted {
  const write = isWrite(request);
  return { at: Date.parse(at), points: write ? 5 : 1, write };
}

function fullest(requests: readonly Counted[], ms: number, weigh: (request: Counted) => number): number {
  const held = requests.map(({ at }) =>
    requests
      .filter((request) => request.at >= at && request.at < at + ms)
      .reduce((sum, request) => sum + weigh(request), 0),
  );
  return Math.max(0, ...held);
}
