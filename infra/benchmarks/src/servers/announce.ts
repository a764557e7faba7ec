import { createServer, type RequestListener } from "node:http";
import { once } from "node:events";
import type { AddressInfo } from "node:net";

/** Listens on a free port, and tells it to the process that forked this one. */
export async function announce(listener: RequestListener): Promise<void> {
  const server = createServer(listener).listen(0, "127.0.0.1");
  await once(server, "listening");
  process.send?.({ kind: "ready", port: (server.address() as AddressInfo).port });
  process.once("disconnect", () => process.exit());
}
