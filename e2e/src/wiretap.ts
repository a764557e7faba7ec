import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";

/** Stands before a server, passes on all that comes, and keeps a copy. */
export interface Wiretap extends AsyncDisposable {
  /** The server's address, by way of the tap. */
  readonly url: string;
  /** All that clients sent and the server answered so far, a connection after the other. Each byte is a character. */
  sent(): string;
  answered(): string;
}

interface Recording {
  readonly sent: Buffer[];
  readonly answered: Buffer[];
}

export async function startWiretap(url: string): Promise<Wiretap> {
  const target = new URL(url);
  const recordings: Recording[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const recording: Recording = { sent: [], answered: [] };
    recordings.push(recording);
    const upstream = connect({ host: target.hostname, port: Number(target.port) });
    copy(client, upstream, recording.sent);
    copy(upstream, client, recording.answered);
  });

  function copy(from: Socket, to: Socket, into: Buffer[]): void {
    sockets.add(from);
    from.on("data", (chunk: Buffer) => {
      into.push(chunk);
      to.write(chunk);
    });
    from.on("end", () => to.end());
    // A reset, or a server that is away: to the other side the connection just ends.
    from.on("error", () => to.destroy());
    from.on("close", () => {
      sockets.delete(from);
      to.destroy();
    });
  }

  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the tap has no port");
  const tapped = new URL(target);
  tapped.host = `127.0.0.1:${address.port}`;
  const text = (side: keyof Recording) =>
    recordings.map((recording) => Buffer.concat(recording[side]).toString("latin1")).join("\n");
  return {
    url: target.pathname === "/" ? tapped.origin : tapped.href,
    sent: () => text("sent"),
    answered: () => text("answered"),
    async [Symbol.asyncDispose]() {
      const closed = once(server, "close");
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
