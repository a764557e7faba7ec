import { z } from "zod";
import { resolveCommit } from "../git/refs.ts";
import { apiUrl, nodeId } from "../present/links.ts";
import { presentUser } from "../present/user.ts";
import { notFound, validationFailed } from "../problem.ts";
import { userById } from "../state/lookups.ts";
import type { StatusRecord } from "../state/model.ts";
import { timestamp } from "../world.ts";
import {
  type Answer,
  type Call,
  type Route,
  type Target,
  created,
  ok,
  requireBody,
  requireTarget,
  requireWriter,
} from "./call.ts";
import { pageOf } from "./pages.ts";

/** What programs say of a commit. */
export const statusRoutes: readonly Route[] = [
  ["get", "/repos/:owner/:repo/commits/:ref/statuses", getStatuses],
  ["post", "/repos/:owner/:repo/statuses/:sha", postStatus],
];

const newStatus = z.object({
  state: z.enum(["error", "failure", "pending", "success"]),
  target_url: z.string().nullish(),
  description: z.string().nullish(),
  context: z.string().default("default"),
});

async function postStatus(call: Call): Promise<Answer> {
  const target = requireTarget(call);
  const { user } = requireWriter(call, target);
  const asked = requireBody(call, newStatus);
  const sha = call.params["sha"] ?? "";
  const commit = await resolveCommit(target.dir, sha);
  if (commit !== sha) {
    throw validationFailed({
      resource: "Status",
      code: "custom",
      message: `No commit found for SHA: ${sha}`,
    });
  }
  const status: StatusRecord = {
    id: call.world.store.nextId(),
    repositoryId: target.repository.id,
    sha,
    state: asked.state,
    targetUrl: asked.target_url ?? null,
    description: asked.description ?? null,
    context: asked.context,
    creatorId: user.id,
    createdAt: timestamp(call.world),
  };
  call.world.store.state.statuses.push(status);
  call.world.store.save();
  return created(presentStatus(call, target, status));
}

async function getStatuses(call: Call): Promise<Answer> {
  const target = requireTarget(call);
  const sha = await resolveCommit(target.dir, call.params["ref"] ?? "");
  if (!sha) throw notFound();
  const found = call.world.store.state.statuses
    .filter((status) => status.repositoryId === target.repository.id && status.sha === sha)
    .reverse();
  const { items, headers } = pageOf(call, found);
  return ok(
    items.map((status) => presentStatus(call, target, status)),
    headers,
  );
}

function presentStatus(call: Call, target: Target, status: StatusRecord) {
  const creator = presentUser(call.world, userById(call.world.store.state, status.creatorId));
  return {
    url: `${apiUrl(call.world, target.repository)}/statuses/${status.sha}`,
    avatar_url: creator["avatar_url"],
    id: status.id,
    node_id: nodeId("StatusContext", status.id),
    state: status.state,
    description: status.description,
    target_url: status.targetUrl,
    context: status.context,
    created_at: status.createdAt,
    updated_at: status.createdAt,
    creator,
  };
}
