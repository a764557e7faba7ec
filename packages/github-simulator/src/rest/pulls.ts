import { z } from "zod";
import { openPull } from "../actions/open-pull.ts";
import { closePull } from "../actions/push.ts";
import { mergePull } from "../actions/merge-pull.ts";
import { branchTip } from "../git/refs.ts";
import { presentPull, presentPullSimple } from "../present/pull.ts";
import { GitHubProblem, forbidden, isTooLong, notFound, tooLong, unprocessable } from "../problem.ts";
import { isPullRequest, mayWrite } from "../state/lookups.ts";
import type { PullRequestRecord } from "../state/model.ts";
import { announcePull } from "../webhooks/announce.ts";
import { timestamp } from "../world.ts";
import {
  type Answer,
  type Call,
  type Route,
  type Target,
  created,
  noContent,
  ok,
  requireBody,
  requirePull,
  requireTarget,
  requireWriteScope,
  requireWriter,
} from "./call.ts";
import { pageOf } from "./pages.ts";
import { diffAnswer, patchAnswer } from "./pull-text.ts";

/** Pull requests: list, open, read as JSON, diff or patch, edit, merge. */
export const pullRoutes: readonly Route[] = [
  ["get", "/repos/:owner/:repo/pulls", listPulls],
  ["post", "/repos/:owner/:repo/pulls", postPull],
  ["get", "/repos/:owner/:repo/pulls/:number", getPull],
  ["patch", "/repos/:owner/:repo/pulls/:number", patchPull],
  ["get", "/repos/:owner/:repo/pulls/:number/merge", getMerged],
  ["put", "/repos/:owner/:repo/pulls/:number/merge", putMerge],
];

async function listPulls(call: Call) {
  const target = requireTarget(call);
  const { state: all } = call.world.store;
  const state = call.query.get("state") ?? "open";
  const head = call.query.get("head");
  const base = call.query.get("base");
  const found = all.issues
    .filter(isPullRequest)
    .filter((issue) => issue.repositoryId === target.repository.id)
    .filter((issue) => state === "all" || issue.state === state)
    .filter((issue) => base === null || issue.pull.baseRef === base)
    .filter((issue) => head === null || labelOf(call, issue).toLowerCase() === head.toLowerCase());
  const { items, headers } = pageOf(call, found.sort(orderOf(call)));
  return ok(await Promise.all(items.map((issue) => presentPullSimple(call.world, issue))), headers);
}

function labelOf(call: Call, issue: PullRequestRecord): string {
  const { state } = call.world.store;
  const repository = state.repositories.find((candidate) => candidate.id === issue.pull.headRepositoryId);
  const owner = state.users.find((user) => user.id === repository?.ownerId);
  return `${owner?.login}:${issue.pull.headRef}`;
}

function orderOf(call: Call): (a: PullRequestRecord, b: PullRequestRecord) => number {
  const sort = call.query.get("sort") ?? "created";
  const direction = call.query.get("direction") ?? (sort === "created" ? "desc" : "asc");
  const sign = direction === "asc" ? 1 : -1;
  const updated = (issue: PullRequestRecord) => (sort === "updated" ? Date.parse(issue.updatedAt) : 0);
  return (a, b) => sign * (updated(a) - updated(b) || a.number - b.number);
}

const newPull = z.object({
  title: z.string().min(1),
  head: z.string().min(1),
  base: z.string().min(1),
  body: z.string().nullish(),
  draft: z.boolean().optional(),
});

async function postPull(call: Call) {
  const target = requireTarget(call);
  const { user } = requireWriteScope(call, target);
  const issue = await openPull(call.world, target.repository, user, requireBody(call, newPull));
  return created(await presentPull(call.world, issue));
}

async function getPull(call: Call): Promise<Answer> {
  const target = requireTarget(call);
  const issue = requirePull(call, target);
  if (call.media === "diff") return diffAnswer(call, issue);
  if (call.media === "patch") return patchAnswer(issue, target);
  return ok(await presentPull(call.world, issue));
}

const pullChange = z.object({
  title: z.string().min(1).optional(),
  body: z.string().nullable().optional(),
  state: z.enum(["open", "closed"]).optional(),
  base: z.string().optional(),
  maintainer_can_modify: z.boolean().optional(),
});

async function patchPull(call: Call) {
  const target = requireTarget(call);
  const { user } = requireWriteScope(call, target);
  const issue = requirePull(call, target);
  if (!mayWrite(target.permission) && issue.authorId !== user.id) throw notFound();
  const change = requireBody(call, pullChange);
  if (change.body && isTooLong(change.body)) throw unprocessable(tooLong);
  await edit(call, target, issue, change);
  if (change.state === "closed" && issue.state === "open") await closePull(call.world, issue, user);
  if (change.state === "open" && issue.state === "closed") await reopen(call, target, issue);
  return ok(await presentPull(call.world, issue));
}

/** Changes title, text and base, and sends `edited` with what they were. */
async function edit(
  call: Call,
  target: Target,
  issue: PullRequestRecord,
  change: z.output<typeof pullChange>,
) {
  const { user } = requireWriteScope(call, target);
  const changes: Record<string, unknown> = {};
  if (change.title !== undefined && change.title !== issue.title) {
    changes["title"] = { from: issue.title };
    issue.title = change.title;
  }
  if (change.body !== undefined && change.body !== issue.body) {
    changes["body"] = { from: issue.body };
    issue.body = change.body;
  }
  if (change.base !== undefined && change.base !== issue.pull.baseRef) {
    const baseSha = await branchTip(target.dir, change.base);
    if (!baseSha) throw unprocessable(`Proposed base branch '${change.base}' was not found`);
    changes["base"] = { ref: { from: issue.pull.baseRef }, sha: { from: issue.pull.baseSha } };
    Object.assign(issue.pull, { baseRef: change.base, baseSha });
  }
  if (Object.keys(changes).length === 0) return;
  issue.updatedAt = timestamp(call.world);
  call.world.store.save();
  await announcePull(call.world, issue, "edited", user, { changes });
}

async function reopen(call: Call, target: Target, issue: PullRequestRecord): Promise<void> {
  const { user } = requireWriteScope(call, target);
  if (issue.pull.mergedAt !== null) throw unprocessable("Cannot reopen a merged pull request");
  Object.assign(issue, { state: "open", closedAt: null, updatedAt: timestamp(call.world) });
  call.world.store.save();
  await announcePull(call.world, issue, "reopened", user);
}

function getMerged(call: Call): Answer {
  const issue = requirePull(call, requireTarget(call));
  if (issue.pull.mergedAt === null) throw notFound();
  return noContent;
}

const mergeBody = z.object({ commit_title: z.string().optional(), sha: z.string().optional() });

async function putMerge(call: Call) {
  const target = requireTarget(call);
  const { user } = requireWriter(call, target);
  const issue = requirePull(call, target);
  const { sha, commit_title: title } = requireBody(call, mergeBody);
  if (issue.state === "closed") throw new GitHubProblem(405, "Pull Request is not mergeable");
  if (sha !== undefined && sha !== issue.pull.headSha) {
    throw new GitHubProblem(409, "Head branch was modified. Review and try the merge again.");
  }
  if (issue.locked && target.permission !== "admin") throw forbidden("Pull request is locked");
  const merged = await mergePull(call.world, target.repository, issue, user, title);
  if (!merged) throw new GitHubProblem(405, "Pull Request has merge conflicts");
  return ok({ sha: merged, merged: true, message: "Pull Request successfully merged" });
}
