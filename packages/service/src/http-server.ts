import { createServer, type RequestListener, type Server } from "node:http";
import { once } from "node:events";
import type { AddressInfo } from "node:net";

/** The server cannot listen: the port is taken, or not ours to take. The message names it and says what to do. */
export class ListenError extends Error {
  override readonly name = "ListenError";
}

export interface HttpServerOptions {
  /** An Express app, or any other listener. */
  readonly app: RequestListener;
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
  /** How long requests in flight may go on after `stop`, in milliseconds. Default 10 s. */
  readonly stopGraceMs?: number;
}

export interface HttpServer extends AsyncDisposable {
  /** The port that is listened on, also where 0 was asked for. */
  readonly port: number;
  /** Accepts no more, lets requests in flight finish, and cuts those off that outlast the grace. */
  stop(): Promise<void>;
}

/**
 * Starts listening.
 *
 * @throws ListenError when the port cannot be had
 */
export async function startHttpServer({
  app,
  host,
  port,
  stopGraceMs = 10_000,
}: HttpServerOptions): Promise<HttpServer> {
  const server = createServer(
    {
      // Slow senders are cut off; 25 MiB of webhook take no longer than this on a line that GitHub would use.
      headersTimeout: 10_000,
      requestTimeout: 30_000,
      // Longer than a proxy in front keeps its own (60 s), so that the proxy never writes into a closing socket.
      keepAliveTimeout: 65_000,
    },
    app,
  );
  await listen(server, host, port);
  let stopping: Promise<void> | undefined;
  const stop = () => (stopping ??= stopServer(server, stopGraceMs));
  return { port: addressOf(server).port, stop, [Symbol.asyncDispose]: stop };
}

async function listen(server: Server, host: string, port: number): Promise<void> {
  server.listen(port, host);
  try {
    await once(server, "listening");
  } catch (cause) {
    const advice = listenAdvice(cause);
    if (advice === undefined) throw cause;
    throw new ListenError(`Cannot listen on ${host}:${port}: ${advice}`, { cause });
  }
}

function listenAdvice(error: unknown): string | undefined {
  switch (error instanceof Error && "code" in error ? error.code : undefined) {
    case "EADDRINUSE":
      return "the port is in use. Stop what listens there, or choose another port.";
    case "EACCES":
      return "this user may not listen on the port. Choose one from 1024 on.";
    case "EADDRNOTAVAIL":
      return "this machine has no such address. Choose 127.0.0.1 or 0.0.0.0.";
    default:
      return undefined;
  }
}

function addressOf(server: Server): AddressInfo {
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The server has no network address");
  return address;
}

async function stopServer(server: Server, graceMs: number): Promise<void> {
  const closed = once(server, "close");
  server.close();
  // A connection whose answer ends from now on would be kept alive, and the server open with it.
  const sweep = setInterval(() => server.closeIdleConnections(), 50);
  const bound = setTimeout(() => server.closeAllConnections(), graceMs);
  try {
    await closed;
  } finally {
    clearInterval(sweep);
    clearTimeout(bound);
  }
}
