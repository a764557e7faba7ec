import type { IncomingHttpHeaders } from "node:http";
import type { z } from "zod";
import type { Diff } from "../git/diff.ts";
import { GitHubProblem, notFound } from "../problem.ts";
import {
  isPullRequest,
  issueByNumber,
  mayWrite,
  permissionOf,
  repositoryByFormerName,
  repositoryByFullName,
} from "../state/lookups.ts";
import type {
  IssueRecord,
  Permission,
  PullRequestRecord,
  RepositoryRecord,
  TokenRecord,
  UserRecord,
} from "../state/model.ts";
import { type World, gitDir } from "../world.ts";

/** Who asks, and with which token. */
export interface Viewer {
  readonly user: UserRecord;
  readonly token: TokenRecord;
}

/** One request to the API, parsed as far as every route needs it. */
export interface Call {
  readonly world: World;
  readonly viewer: Viewer | undefined;
  /** In capitals. */
  readonly method: string;
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  /** The path without the query; a repository that was asked for by its id is there by its name. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  /** The JSON body; undefined where there was none. */
  readonly body: unknown;
  /** GitHub's own part of the Accept header: `diff`, `patch`, `raw`, ..., or `json`. */
  readonly media: string;
}

export interface Answer {
  readonly status: number;
  readonly json?: unknown;
  /** Instead of JSON. */
  readonly raw?: { readonly type: string; readonly data: Buffer };
  readonly headers?: Readonly<Record<string, string>>;
}

export type Handler = (call: Call) => Answer | Promise<Answer>;

/** Method, path in the syntax of Express, and what answers there. */
export type Route = readonly [
  method: "get" | "post" | "put" | "patch" | "delete",
  path: string,
  handler: Handler,
];

export function ok(json: unknown, headers: Readonly<Record<string, string>> = {}): Answer {
  return { status: 200, json, headers };
}

export function created(json: unknown): Answer {
  return { status: 201, json };
}

/** A diff as git printed it. */
export function rawDiff(diff: Diff): Answer {
  return { status: 200, raw: { type: "application/vnd.github.v3.diff; charset=utf-8", data: diff.bytes } };
}

export const noContent: Answer = { status: 204 };

/** The signed-in user. Throws 401 for the anonymous. */
export function requireViewer(call: Call): Viewer {
  if (!call.viewer) throw new GitHubProblem(401, "Requires authentication");
  return call.viewer;
}

/** True where the token has the scope, or one that holds it. */
export function hasScope(token: TokenRecord, scope: string): boolean {
  const holders: Readonly<Record<string, readonly string[]>> = {
    public_repo: ["repo"],
    "read:repo_hook": ["write:repo_hook", "admin:repo_hook", "repo"],
    "write:repo_hook": ["admin:repo_hook", "repo"],
    "repo:status": ["repo"],
    "user:email": ["user"],
    "read:user": ["user"],
  };
  return [scope, ...(holders[scope] ?? [])].some((candidate) => token.scopes.includes(candidate));
}

export interface Target {
  readonly repository: RepositoryRecord;
  readonly permission: Permission;
  readonly dir: string;
}

/**
 * The repository in the path. Throws 404 where it is missing or hidden from the viewer, as GitHub does, and a redirect
 * where it is asked for by a former name.
 */
export function requireTarget(call: Call): Target {
  const { world, viewer, params } = call;
  const { state } = world.store;
  const fullName = `${params["owner"]}/${params["repo"]}`;
  const named = repositoryByFullName(state, fullName);
  const repository = named ?? repositoryByFormerName(state, fullName);
  const permission = repository && permissionOf(repository, viewer?.user);
  if (!repository || !permission) throw notFound();
  if (repository.private && viewer && !hasScope(viewer.token, "repo")) throw notFound();
  if (!named) throw moved(call, repository);
  return { repository, permission, dir: gitDir(world, repository) };
}

/**
 * Leads to the repository by its id, which no renaming changes; a write stays one.
 * https://developer.github.com/changes/2015-04-17-preview-repository-redirects
 */
function moved(call: Call, { id }: RepositoryRecord): GitHubProblem {
  const path = call.path.replace(/(\/repos)\/[^/]+\/[^/]+/, `/repositories/${id}`);
  const query = call.query.size > 0 ? `?${call.query.toString()}` : "";
  const headers = { Location: `${call.world.url}${path}${query}` };
  return new GitHubProblem(call.method === "GET" ? 301 : 307, "Moved Permanently", [], headers);
}

/** Lets through who may push. GitHub answers 403 to those who may read. */
export function requireWriter(call: Call, target: Target): Viewer {
  const viewer = requireWriteScope(call, target);
  if (!mayWrite(target.permission)) {
    throw new GitHubProblem(403, "Must have push access to repository");
  }
  return viewer;
}

/** Lets through a viewer whose token may write to this repository at all. */
export function requireWriteScope(call: Call, target: Target): Viewer {
  const viewer = requireViewer(call);
  if (!hasScope(viewer.token, target.repository.private ? "repo" : "public_repo")) throw notFound();
  return viewer;
}

/** The issue or pull request with the number in the path. */
export function requireIssue(call: Call, target: Target, name: string): IssueRecord {
  const issue = issueByNumber(call.world.store.state, target.repository, numberParam(call, name));
  if (!issue) throw notFound();
  return issue;
}

/** The pull request with the number in the path. */
export function requirePull(call: Call, target: Target): PullRequestRecord {
  const issue = requireIssue(call, target, "number");
  if (!isPullRequest(issue)) throw notFound();
  return issue;
}

/** A number in the path. Throws 404 where it is none. */
export function numberParam(call: Call, name: string): number {
  const value = call.params[name] ?? "";
  if (!/^\d{1,15}$/.test(value)) throw notFound();
  return Number(value);
}

/** The body by its schema. Throws 422 in the style of GitHub's own schema check. */
export function requireBody<S extends z.ZodType>(call: Call, schema: S): z.output<S> {
  const parsed = schema.safeParse(call.body ?? {});
  if (parsed.success) return parsed.data;
  const issues = parsed.error.issues.map((issue) => {
    const value = issue.path.join(".");
    const missing = issue.code === "invalid_type" && issue.message.endsWith("undefined");
    return missing ? `"${value}" wasn't supplied.` : `For 'properties/${value}', ${issue.message}.`;
  });
  throw new GitHubProblem(422, `Invalid request.\n\n${issues.join("\n")}`);
}
