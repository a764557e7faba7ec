import { randomUUID } from "node:crypto";
import { join } from "node:path";
import type { DeliveryRecord, HookRecord, RepositoryRecord } from "../state/model.ts";
import type { Store } from "../state/store.ts";
import { deliveryHeaders, encodeBody, send } from "./deliver.ts";
import { type DeliveryLog, openDeliveryLog } from "./delivery-log.ts";

/** An event, ready to be sent to whoever subscribes to it. */
interface HookEvent {
  readonly name: string;
  readonly action: string | null;
  readonly payload: Readonly<Record<string, unknown>>;
}

export interface Webhooks {
  /** Starts a delivery to each active hook of the repository that subscribes to the event. */
  emit(repository: RepositoryRecord, event: HookEvent): void;
  /** Starts a delivery to one hook whatever it subscribes to, as for `ping`. */
  emitTo(hook: HookRecord, event: HookEvent): void;
  /** Sends an earlier delivery again, with the same GUID. */
  redeliver(hook: HookRecord, delivery: DeliveryRecord): void;
  /** A hook's answered deliveries, newest first. */
  deliveries(hook: HookRecord): readonly DeliveryRecord[];
  /** Resolves when every delivery begun so far, and those begun meanwhile, has been answered. */
  settled(): Promise<void>;
  /** Gives up what is under way. */
  close(): Promise<void>;
}

/** Deliveries are made at once, in parallel and never repeated, as GitHub makes them. */
export function createWebhooks(store: Store, dataDir: string, now: () => Date): Webhooks {
  const log = openDeliveryLog(join(dataDir, "deliveries"));
  const underWay = new Set<Promise<void>>();
  const stop = new AbortController();

  const start = (hook: HookRecord, event: HookEvent, repeated?: DeliveryRecord): void => {
    const guid = repeated?.guid ?? randomUUID();
    const body = new Uint8Array(encodeBody(hook, event.payload));
    const delivery: DeliveryRecord = {
      id: store.nextId(),
      hookId: hook.id,
      repositoryId: hook.repositoryId,
      guid,
      event: event.name,
      action: event.action,
      redelivery: repeated !== undefined,
      deliveredAt: now().toISOString(),
      url: hook.url,
      requestHeaders: deliveryHeaders(hook, { guid, event: event.name }, body),
      payload: event.payload,
    };
    log.add(delivery);
    store.save();
    const sent = finish(store, log, hook, delivery, body, stop.signal).finally(() => underWay.delete(sent));
    underWay.add(sent);
  };

  const settled = async (): Promise<void> => {
    while (underWay.size > 0) await Promise.all(underWay);
  };

  return {
    emit(repository, event) {
      for (const hook of store.state.hooks) {
        const subscribed = hook.events.includes("*") || hook.events.includes(event.name);
        if (hook.repositoryId === repository.id && hook.active && subscribed) start(hook, event);
      }
    },
    emitTo: (hook, event) => start(hook, event),
    redeliver(hook, delivery) {
      start(
        hook,
        { name: delivery.event, action: delivery.action, payload: asObject(delivery.payload) },
        delivery,
      );
    },
    deliveries: (hook) => log.ofHook(hook.id).filter((delivery) => delivery.answer !== undefined),
    settled,
    async close() {
      stop.abort();
      await settled();
    },
  };
}

async function finish(
  store: Store,
  log: DeliveryLog,
  hook: HookRecord,
  delivery: DeliveryRecord,
  body: Uint8Array<ArrayBuffer>,
  stop: AbortSignal,
): Promise<void> {
  delivery.answer = await send(delivery.url, delivery.requestHeaders, body, stop);
  log.update(delivery);
  const { code, status } = delivery.answer;
  hook.lastResponse = { code, status: status === "OK" ? "active" : "failed", message: status };
  store.save();
}

function asObject(payload: unknown): Readonly<Record<string, unknown>> {
  return typeof payload === "object" && payload !== null ? { ...payload } : {};
}
