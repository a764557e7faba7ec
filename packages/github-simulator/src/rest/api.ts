import express from "express";
import type { Log } from "../log.ts";
import { GitHubProblem, notFound } from "../problem.ts";
import type { SchemaCheck } from "../schema/schema-check.ts";
import { fullNameOf } from "../state/lookups.ts";
import type { World } from "../world.ts";
import { applicationRoutes } from "./applications.ts";
import { authenticate } from "./authenticate.ts";
import { branchRoutes } from "./branches.ts";
import type { Answer, Call, Handler, Route, Viewer } from "./call.ts";
import { commitRoutes } from "./commits.ts";
import { contentRoutes } from "./contents.ts";
import { hookDeliveryRoutes } from "./hook-deliveries.ts";
import { hookRoutes } from "./hooks.ts";
import { issueRoutes } from "./issues.ts";
import { postReviewCommentRoutes } from "./post-review-comment.ts";
import { pullFileRoutes } from "./pull-files.ts";
import { pullRoutes } from "./pulls.ts";
import { type RateLimits, type Resource, allowanceKey, rateHeaders, rateLimitRoutes } from "./rate-limit.ts";
import { readCall } from "./read-call.ts";
import { reviewCommentRoutes } from "./review-comments.ts";
import { reviewRoutes } from "./reviews.ts";
import { searchRoutes } from "./search.ts";
import { commonHeaders, sendAnswer, withEntityTag } from "./send-answer.ts";
import { statusRoutes } from "./statuses.ts";
import { userRoutes } from "./users.ts";

export interface ApiDeps {
  readonly world: World;
  readonly log: Log;
  readonly schema: SchemaCheck;
  readonly limits: RateLimits;
  /** Also holds every answer against GitHub's schema. */
  readonly checkResponses: boolean;
  readonly onError: (error: unknown) => void;
}

/** The first parts of paths that belong to the API, and so to no user. */
const apiPrefixes = [
  "user",
  "users",
  "repos",
  "repositories",
  "applications",
  "rate_limit",
  "search",
] as const;

/** GitHub's REST API, to be mounted at `/` and at `/api/v3`. */
export function createApi(deps: ApiDeps): express.Router {
  const router = express.Router();
  router.use((req, _res, next) => {
    req.url = withName(deps.world, req.url);
    next();
  });
  const readBody = express.raw({ type: () => true, limit: "25mb" });
  for (const [method, path, handler] of allRoutes(deps.limits)) {
    router[method](path, readBody, (req, res) => answerRequest(deps, req, res, path, handler));
  }
  const nowhere: Handler = () => {
    throw notFound();
  };
  const prefixes = apiPrefixes.flatMap((prefix) => [`/${prefix}`, `/${prefix}/*rest`]);
  router.all(prefixes, readBody, (req, res) => answerRequest(deps, req, res, "", nowhere));
  return router;
}

/**
 * Every route of a repository answers under `/repositories/:id` too. An id that nothing has becomes a name that
 * nothing can have.
 */
function withName({ store }: World, url: string): string {
  return url.replace(/^\/repositories\/(\d+)(?=[/?]|$)/, (_, id) => {
    const repository = store.state.repositories.find((candidate) => String(candidate.id) === id);
    return `/repos/${repository ? fullNameOf(store.state, repository) : `-/${id}`}`;
  });
}

function allRoutes(limits: RateLimits): readonly Route[] {
  return [
    ...userRoutes,
    ...pullFileRoutes,
    ...reviewCommentRoutes,
    ...postReviewCommentRoutes,
    ...reviewRoutes,
    ...pullRoutes,
    ...issueRoutes,
    ...contentRoutes,
    ...branchRoutes,
    ...statusRoutes,
    ...commitRoutes,
    ...hookRoutes,
    ...hookDeliveryRoutes,
    ...applicationRoutes,
    ...searchRoutes,
    ...rateLimitRoutes(limits),
  ];
}

async function answerRequest(
  deps: ApiDeps,
  req: express.Request,
  res: express.Response,
  route: string,
  handler: Handler,
): Promise<void> {
  const { limits } = deps;
  const resource: Resource = route === "/search/code" ? "code_search" : "core";
  const started: { viewer?: Viewer | undefined; call?: Call } = {};
  let answer: Answer;
  try {
    const asApp = req.path.startsWith("/applications/");
    started.viewer = asApp ? undefined : authenticate(deps.world, req.headers);
    const key = allowanceKey(started.viewer);
    if (limits.peek(key, resource).remaining === 0 && route !== "/rate_limit") limits.spend(key, resource);
    started.call = readCall(deps.world, started.viewer, req);
    answer = withEntityTag(started.call, await handler(started.call));
  } catch (error) {
    answer = refusal(deps, error);
  }
  const { viewer, call } = started;
  if (answer.status !== 304 && route !== "/rate_limit" && answer.status !== 401) {
    const key = allowanceKey(viewer);
    if (limits.peek(key, resource).remaining > 0) limits.spend(key, resource);
  }
  if (call) await note(deps, call, route, answer);
  sendAnswer(res, answer, {
    ...commonHeaders(viewer, call),
    ...rateHeaders(limits.peek(allowanceKey(viewer), resource), resource),
    ...answer.headers,
  });
}

/** What became of a request that was refused, or that failed. */
export function refusal(deps: Pick<ApiDeps, "onError">, error: unknown): Answer {
  if (!(error instanceof GitHubProblem)) deps.onError(error);
  const problem = error instanceof GitHubProblem ? error : new GitHubProblem(500, "Server Error");
  const errors = problem.errors.length > 0 ? { errors: problem.errors } : {};
  return {
    status: problem.status,
    json: {
      message: problem.message,
      ...errors,
      documentation_url: "https://docs.github.com/rest",
      status: String(problem.status),
    },
    headers: problem.headers,
  };
}

/** Logs a write, and holds request and answer against GitHub's schema. */
async function note(deps: ApiDeps, call: Call, route: string, answer: Answer): Promise<void> {
  const { log, schema, world } = deps;
  const at = world.now().toISOString();
  const { method, path } = call;
  const user = call.viewer?.user.login;
  const isRedirect = answer.status === 307;
  if (method !== "GET" && !isRedirect && !path.includes("/applications/")) {
    log.write({ at, method, route, path, user, status: answer.status });
  }
  const request = { method, path: path.replace(/^\/api\/v3(?=\/)/, ""), query: call.query, body: call.body };
  for (const message of await schema.checkRequest(request)) {
    log.violations.push({ at, kind: "schema", method, path, message });
  }
  if (!deps.checkResponses || answer.raw || answer.status === 304) return;
  for (const message of await schema.checkResponse(request, answer.status, answer.json)) {
    log.violations.push({ at, kind: "response", method, path, message });
  }
}
