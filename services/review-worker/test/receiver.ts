import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { json } from "node:stream/consumers";
import type { Db } from "@nectr/db";
import { parseWebhookEvent } from "@nectr/github";

/** Takes webhooks as webhook-ingest does, but for their signatures. */
export interface Receiver extends AsyncDisposable {
  readonly url: string;
  /** `late`: stores, and GitHub hears of a failure. */
  mode: "up" | "down" | "late";
}

export async function startReceiver(db: Db): Promise<Receiver> {
  const server = createServer((request, response) => void take(request, response));
  async function take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const payload = await json(request);
    if (receiver.mode !== "down") {
      const header = (name: string) => String(request.headers[name]);
      const delivery = { hookId: Number(header("x-github-hook-id")), guid: header("x-github-delivery") };
      await store(db, delivery, header("x-github-event"), payload);
    }
    response.writeHead(receiver.mode === "up" ? 200 : 503).end();
  }
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const receiver: Receiver = {
    url: `http://127.0.0.1:${port}/api/v1/webhooks/github`,
    mode: "up",
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
  return receiver;
}

/** Once for each delivery; one whose event failed is armed again. */
async function store(
  db: Db,
  { hookId, guid }: { hookId: number; guid: string },
  name: string,
  payload: unknown,
): Promise<void> {
  const event = parseWebhookEvent(name, payload);
  const pull = event.kind === "ignored" ? undefined : event;
  await db
    .insertInto("webhook_events")
    .values({
      hook_id: hookId,
      delivery_guid: guid,
      event: name,
      action: event.action ?? null,
      repository_id: event.repositoryId ?? null,
      full_name: event.fullName ?? null,
      number: pull?.number ?? null,
      head_sha: pull?.headSha ?? null,
      status: pull === undefined ? "ignored" : "pending",
      payload: Buffer.from(JSON.stringify(payload)),
    })
    .onConflict((conflict) =>
      conflict
        .columns(["hook_id", "delivery_guid"])
        .doUpdateSet({ status: "pending", error: null, attempts: 0, enqueued_at: null, finished_at: null })
        .where("webhook_events.status", "=", "failed"),
    )
    .execute();
}
