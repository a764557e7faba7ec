import type { Metrics } from "./metrics.ts";

/** Seconds: GitHub answers in a tenth, and seldom takes more than ten. */
const githubBuckets = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/** One request to GitHub that was answered. */
export interface GitHubRequestObservation {
  /** The route's template, such as `GET /repos/{owner}/{repo}`. */
  readonly route: string;
  readonly status: number;
  readonly ms: number;
}

/** Registers `nectr_github_request_duration_seconds`, once for a process. @returns what notes a request in it */
export function githubRequestMetrics(metrics: Metrics): (request: GitHubRequestObservation) => void {
  const requests = metrics.histogram({
    name: "github_request_duration_seconds",
    help: "Seconds that GitHub took to answer",
    labels: ["route", "status"],
    buckets: githubBuckets,
  });
  return ({ route, status, ms }) => requests.observe({ route, status }, ms / 1000);
}
