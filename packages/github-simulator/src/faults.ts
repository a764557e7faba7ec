import type express from "express";
import { GitHubProblem } from "./problem.ts";
import { perHour, rateHeaders } from "./rest/rate-limit.ts";

/** What goes wrong. `after` means that the request was carried out in full before. */
export type FaultEffect =
  | { readonly kind: "latency"; readonly ms: number }
  | { readonly kind: "reset"; readonly when: "before" | "after" }
  | {
      readonly kind: "status";
      readonly status: number;
      readonly when: "before" | "after";
      readonly body?: unknown;
    }
  /** `resetAt` in seconds since 1970. */
  | { readonly kind: "primary-limit"; readonly resetAt: number }
  | { readonly kind: "primary-limit"; readonly resetInSeconds: number }
  /** `retryAfter` in seconds. */
  | { readonly kind: "secondary-limit"; readonly retryAfter?: number | undefined }
  | { readonly kind: "hang"; readonly when: "before" | "after" }
  /** Goes on once that has come, though the caller may be gone by then. */
  | { readonly kind: "hold"; readonly until: () => Promise<unknown> };

/** Which requests go wrong. Left out, a condition holds for all. */
export interface FaultRule {
  readonly method?: string | undefined;
  /** The whole path as text, or an expression that matches somewhere in it. */
  readonly path?: RegExp | string | undefined;
  /** How many requests; without it, all until the rule is removed. */
  readonly times?: number | undefined;
  /** A login. */
  readonly user?: string | undefined;
  readonly effect: FaultEffect;
  /** Told when a request meets the rule, just before it goes wrong. */
  readonly onMeet?: (() => void) | undefined;
}

export interface Faults {
  /** Adds a rule; the returned function removes it. */
  add(rule: FaultRule): () => void;
  clear(): void;
}

export interface FaultInjection extends Faults {
  /** Comes before everything else that answers. */
  readonly middleware: express.RequestHandler;
}

/** Several rules may meet one request; they then act one after the other. */
export function createFaults(
  now: () => Date,
  loginOf: (req: express.Request) => string | undefined,
): FaultInjection {
  const rules = new Set<{ readonly rule: FaultRule; left: number }>();

  const take = (req: express.Request): FaultEffect[] => {
    const effects: FaultEffect[] = [];
    for (const entry of rules) {
      if (!matches(entry.rule, req, loginOf)) continue;
      entry.left -= 1;
      if (entry.left <= 0) rules.delete(entry);
      entry.rule.onMeet?.();
      effects.push(entry.rule.effect);
    }
    return effects;
  };

  return {
    add(rule) {
      const entry = { rule, left: rule.times ?? Number.POSITIVE_INFINITY };
      rules.add(entry);
      return () => rules.delete(entry);
    },
    clear: () => rules.clear(),
    middleware(req, res, next) {
      applyAll(take(req), req, res, now, next);
    },
  };
}

function matches(
  rule: FaultRule,
  req: express.Request,
  loginOf: (req: express.Request) => string | undefined,
) {
  const { method, path, user } = rule;
  if (method !== undefined && method.toUpperCase() !== req.method) return false;
  if (typeof path === "string" && path !== req.path) return false;
  // A sticky or global expression keeps its place between tests.
  if (path instanceof RegExp && req.path.search(path) === -1) return false;
  return user === undefined || loginOf(req)?.toLowerCase() === user.toLowerCase();
}

function applyAll(
  effects: readonly FaultEffect[],
  req: express.Request,
  res: express.Response,
  now: () => Date,
  next: () => void,
): void {
  const [effect, ...rest] = effects;
  if (!effect) return next();
  apply(effect, req, res, now, () => applyAll(rest, req, res, now, next));
}

function apply(
  effect: FaultEffect,
  req: express.Request,
  res: express.Response,
  now: () => Date,
  next: () => void,
): void {
  switch (effect.kind) {
    case "latency": {
      const timer = setTimeout(next, effect.ms);
      res.on("close", () => clearTimeout(timer));
      return;
    }
    case "hang":
      if (effect.when === "after") replaceAnswer(res, () => {}, next);
      return;
    case "hold":
      effect.until().then(next, () => req.socket.destroy());
      return;
    case "reset":
      if (effect.when === "before") req.socket.destroy();
      else replaceAnswer(res, () => req.socket.destroy(), next);
      return;
    case "status":
      if (effect.when === "before") answer(res, effect.status, effect.body);
      else replaceAnswer(res, () => answer(res, effect.status, effect.body), next);
      return;
    case "primary-limit":
    case "secondary-limit": {
      const problem = limitProblem(effect, now());
      res.set(problem.headers);
      if (isGraphql(req)) {
        res.set("X-RateLimit-Resource", "graphql");
        const errors = [
          { type: effect.kind === "primary-limit" ? "RATE_LIMIT" : undefined, message: problem.message },
        ];
        return answer(res, 200, { errors });
      }
      answer(res, problem.status, { message: problem.message, documentation_url: limitDocs });
    }
  }
}

/** GraphQL tells of limits in an answer with a good status. */
function isGraphql(req: express.Request): boolean {
  return req.method === "POST" && /^(\/api)?\/graphql$/.test(req.path);
}

const limitDocs =
  "https://docs.github.com/rest/overview/rate-limits-for-the-rest-api#about-secondary-rate-limits";

function limitProblem(
  effect: Extract<FaultEffect, { kind: "primary-limit" | "secondary-limit" }>,
  now: Date,
): GitHubProblem {
  if (effect.kind === "secondary-limit") {
    const headers: Record<string, string> =
      effect.retryAfter === undefined ? {} : { "Retry-After": String(effect.retryAfter) };
    const message =
      "You have exceeded a secondary rate limit. Please wait a few minutes before you try again.";
    return new GitHubProblem(403, message, [], headers);
  }
  const reset =
    "resetAt" in effect ? effect.resetAt : Math.ceil(now.getTime() / 1000) + effect.resetInSeconds;
  const spent = { limit: perHour, used: perHour, remaining: 0, reset };
  return new GitHubProblem(403, "API rate limit exceeded for user ID 1.", [], rateHeaders(spent));
}

function answer(res: express.Response, status: number, body: unknown): void {
  res
    .status(status)
    .json(body ?? { message: status >= 500 ? "Server Error" : "Injected", status: String(status) });
}

/** Lets the request be carried out, and gives the other answer where its own would be sent. */
function replaceAnswer(res: express.Response, give: () => void, next: () => void): void {
  const { write, end } = res;
  res.write = () => true;
  res.end = () => {
    Object.assign(res, { write, end });
    for (const name of res.getHeaderNames()) res.removeHeader(name);
    give();
    return res;
  };
  next();
}
