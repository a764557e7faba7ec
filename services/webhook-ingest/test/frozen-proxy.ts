import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";

/** A way to the database that can go dead without a word, as a cut cable does. */
export interface FrozenProxy extends AsyncDisposable {
  /** The database's address by way of the proxy. */
  through(url: string): string;
  /** From now on nothing comes through either way; connections stay open, and new ones are taken. */
  freeze(): void;
  /** Lets new connections through; those that were frozen never wake. */
  thaw(): void;
}

export async function startFrozenProxy(databaseUrl: string): Promise<FrozenProxy> {
  const { hostname, port } = new URL(databaseUrl);
  const sockets = new Set<Socket>();
  let frozen = false;
  const server = createServer((incoming) => {
    sockets.add(incoming);
    incoming.on("error", () => {});
    if (frozen) return void incoming.pause();
    const outgoing = connect({ host: hostname, port: Number(port) });
    sockets.add(outgoing);
    outgoing.on("error", () => {});
    incoming.pipe(outgoing).pipe(incoming);
    incoming.once("close", () => outgoing.destroy());
    outgoing.once("close", () => incoming.destroy());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const own = (server.address() as AddressInfo).port;
  return {
    through(url) {
      const by = new URL(url);
      by.host = `127.0.0.1:${own}`;
      return by.href;
    },
    freeze() {
      frozen = true;
      for (const socket of sockets) socket.unpipe().pause();
    },
    thaw() {
      frozen = false;
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}
