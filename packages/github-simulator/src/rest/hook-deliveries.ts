import { presentDelivery, presentDeliveryItem } from "../present/hook.ts";
import { GitHubProblem, notFound } from "../problem.ts";
import type { DeliveryRecord, HookRecord } from "../state/model.ts";
import { type Answer, type Call, type Route, numberParam, ok } from "./call.ts";
import { requireHook } from "./hooks.ts";
import { addressOf, perPage } from "./pages.ts";

/** What was delivered to a repository's webhooks. */
export const hookDeliveryRoutes: readonly Route[] = [
  ["get", "/repos/:owner/:repo/hooks/:hook/deliveries", listDeliveries],
  ["get", "/repos/:owner/:repo/hooks/:hook/deliveries/:delivery", getDelivery],
  ["post", "/repos/:owner/:repo/hooks/:hook/deliveries/:delivery/attempts", postAttempt],
];

/** Newest first. The cursor is opaque to callers: the id of the delivery that the next page begins with. */
function listDeliveries(call: Call): Answer {
  const { hook } = requireHook(call);
  const cursor = call.query.get("cursor");
  const status = call.query.get("status");
  const all = call.world.webhooks
    .deliveries(hook)
    .filter((delivery) => cursor === null || delivery.id <= cursorId(cursor))
    .filter((delivery) => status === null || (delivery.answer?.status === "OK") === (status === "success"));
  const size = perPage(call);
  const next = all[size];
  const headers = next && { Link: `<${addressOf(call, { cursor: `v1_${next.id}` })}>; rel="next"` };
  return ok(all.slice(0, size).map(presentDeliveryItem), headers);
}

function cursorId(cursor: string): number {
  const match = /^v1_(\d+)$/.exec(cursor);
  if (!match) throw new GitHubProblem(422, "Invalid cursor");
  return Number(match[1]);
}

function requireDelivery(call: Call): { hook: HookRecord; delivery: DeliveryRecord } {
  const { hook } = requireHook(call);
  const id = numberParam(call, "delivery");
  const delivery = call.world.webhooks.deliveries(hook).find((candidate) => candidate.id === id);
  if (!delivery) throw notFound();
  return { hook, delivery };
}

function getDelivery(call: Call): Answer {
  return ok(presentDelivery(requireDelivery(call).delivery));
}

function postAttempt(call: Call): Answer {
  const { hook, delivery } = requireDelivery(call);
  call.world.webhooks.redeliver(hook, delivery);
  return { status: 202, json: {} };
}
