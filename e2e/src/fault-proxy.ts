import { once } from "node:events";
import { connect, createServer, type Server, type Socket } from "node:net";
import { findFreePort } from "@nectr/local";

/** How a proxy treats the connections that are open and those that come. */
export type Conduct =
  | "pass"
  /** Each chunk takes so long, either way. */
  | { readonly latencyMs: number }
  /** Takes connections and all that comes by them, and passes nothing on: as a network does that has failed. */
  | "black hole"
  /** Takes connections and resets them. Those that are open pass. */
  | "reset new"
  /** As a server that is not there: open connections are reset, and nobody listens. */
  | "refuse";

/** Stands before a TCP server, and comes between it and its clients when it is told to. */
export interface FaultProxy extends AsyncDisposable {
  /** The server's address, by way of the proxy. */
  readonly url: string;
  /** From now on, until told otherwise. What a black hole kept is passed on in its order when it ends. */
  become(conduct: Conduct): Promise<void>;
  /** Resets the connections that are open. What was kept of them is lost. */
  reset(): void;
  /** The connections that are open carry nothing from now on, and nobody is told: as by a router that lost its table. */
  forget(): void;
  /** Ends our side of the open connections to clients, as a server does that has no more to say, and still listens. */
  halfClose(): void;
}

/** Hears what goes by, whether or not it is passed on. */
export type Listener = Readonly<Record<"sent" | "answered", (chunk: Buffer) => void>>;

interface Pair {
  readonly client: Socket;
  readonly upstream: Socket;
  /** What waits to be done to either side, in its order. */
  readonly waiting: { readonly dueAt: number; readonly act: () => void }[];
  forgotten: boolean;
}

/** @param listen asked once for each connection. */
export async function startFaultProxy(url: string, listen?: () => Listener): Promise<FaultProxy> {
  const target = new URL(url);
  const port = await findFreePort();
  const pairs = new Set<Pair>();
  let conduct: Conduct = "pass";
  let server: Server | undefined;

  function meet(client: Socket): void {
    client.on("error", () => {});
    if (conduct === "reset new") return void client.resetAndDestroy();
    const upstream = connect({ host: target.hostname, port: Number(target.port), allowHalfOpen: true });
    const pair: Pair = { client, upstream, waiting: [], forgotten: false };
    pairs.add(pair);
    const listener = listen?.();
    carry(pair, client, upstream, listener?.sent);
    carry(pair, upstream, client, listener?.answered);
  }

  function carry(pair: Pair, from: Socket, to: Socket, hear?: (chunk: Buffer) => void): void {
    from.setNoDelay();
    from.on("data", (chunk: Buffer) => {
      hear?.(chunk);
      pass(pair, () => to.writable && to.write(chunk));
    });
    from.on("end", () => pass(pair, () => to.end()));
    // A reset, or a server that is away: to the other side the connection just ends.
    from.on("error", () => {});
    from.on("close", () => {
      pass(pair, () => {
        pairs.delete(pair);
        to.destroySoon();
      });
    });
  }

  /** Does it now, or when its time has come. */
  function pass(pair: Pair, act: () => void): void {
    const latencyMs = typeof conduct === "object" ? conduct.latencyMs : 0;
    pair.waiting.push({ dueAt: performance.now() + latencyMs, act });
    if (latencyMs === 0) flush(pair);
    else setTimeout(flush, latencyMs, pair);
  }

  function flush(pair: Pair): void {
    while (conduct !== "black hole" && !pair.forgotten) {
      const [next] = pair.waiting;
      if (next === undefined) return;
      const earlyMs = next.dueAt - performance.now();
      // A timer may come a moment early. Whoever is behind the first one has a timer of its own.
      if (earlyMs > 1) return;
      pair.waiting.shift();
      next.act();
    }
  }

  async function open(): Promise<void> {
    if (server !== undefined) return;
    server = createServer({ allowHalfOpen: true }, meet).listen(port, "127.0.0.1");
    await once(server, "listening");
  }

  async function close(): Promise<void> {
    const closed = server && once(server, "close");
    server?.close();
    server = undefined;
    reset();
    await closed;
  }

  function reset(): void {
    for (const { client, upstream } of pairs) {
      client.resetAndDestroy();
      upstream.destroy();
    }
    pairs.clear();
  }

  async function become(next: Conduct): Promise<void> {
    conduct = next;
    if (next === "refuse") return close();
    await open();
    for (const pair of pairs) flush(pair);
  }

  await open();
  const by = new URL(target);
  by.host = `127.0.0.1:${port}`;
  return {
    url: target.pathname === "/" ? by.origin : by.href,
    become,
    reset,
    forget() {
      for (const pair of pairs) pair.forgotten = true;
    },
    halfClose() {
      for (const { client } of pairs) client.end();
    },
    [Symbol.asyncDispose]: close,
  };
}
