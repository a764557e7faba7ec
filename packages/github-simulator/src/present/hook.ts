import { repositoryById } from "../state/lookups.ts";
import type { DeliveryRecord, HookRecord } from "../state/model.ts";
import type { World } from "../world.ts";
import { type Json, apiUrl } from "./links.ts";

/** GitHub's `hook`. The secret is never shown. */
export function presentHook(world: World, hook: HookRecord): Json {
  const url = `${apiUrl(world, repositoryById(world.store.state, hook.repositoryId))}/hooks/${hook.id}`;
  return {
    type: "Repository",
    id: hook.id,
    name: "web",
    active: hook.active,
    events: hook.events,
    config: {
      content_type: hook.contentType,
      insecure_ssl: hook.insecureSsl,
      url: hook.url,
      ...(hook.secret ? { secret: "********" } : {}),
    },
    updated_at: hook.updatedAt,
    created_at: hook.createdAt,
    url,
    test_url: `${url}/test`,
    ping_url: `${url}/pings`,
    deliveries_url: `${url}/deliveries`,
    last_response: hook.lastResponse,
  };
}

/** GitHub's `hook-delivery-item`. */
export function presentDeliveryItem(delivery: DeliveryRecord): Json {
  return {
    id: delivery.id,
    guid: delivery.guid,
    delivered_at: delivery.deliveredAt,
    redelivery: delivery.redelivery,
    duration: delivery.answer?.seconds ?? 0,
    status: delivery.answer?.status ?? "pending",
    status_code: delivery.answer?.code ?? 0,
    event: delivery.event,
    action: delivery.action,
    installation_id: null,
    repository_id: delivery.repositoryId,
    throttled_at: null,
  };
}

/** GitHub's `hook-delivery`: the request and the answer in full. */
export function presentDelivery(delivery: DeliveryRecord): Json {
  return {
    ...presentDeliveryItem(delivery),
    url: delivery.url,
    request: { headers: delivery.requestHeaders, payload: delivery.payload },
    response: { headers: delivery.answer?.headers ?? {}, payload: delivery.answer?.body ?? "" },
  };
}
