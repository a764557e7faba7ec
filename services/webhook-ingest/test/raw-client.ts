import { once } from "node:events";
import { connect, type Socket } from "node:net";

/** A connection on which anything can be sent, and what came back on it. */
export interface RawClient {
  readonly socket: Socket;
  /** Resolves with the answer's status, or with 0 where the server closed without one. */
  status(): Promise<number>;
  /** What has come so far. */
  text(): string;
}

export async function openRaw(port: number, bytes: string | Uint8Array = ""): Promise<RawClient> {
  const socket = connect({ port, host: "127.0.0.1" });
  let text = "";
  const answered = Promise.withResolvers<number>();
  socket.on("data", (chunk) => {
    text += chunk.toString("latin1");
    const status = /^HTTP\/1\.1 (?!100)(\d{3}) [^]*\r\n\r\n/.exec(text)?.[1];
    if (status !== undefined) answered.resolve(Number(status));
  });
  socket.on("error", () => {});
  socket.on("close", () => answered.resolve(0));
  await once(socket, "connect");
  socket.write(bytes);
  return { socket, status: () => answered.promise, text: () => text };
}

/** The head of a delivery; `headers` are added or replaced. */
export function head(headers: Readonly<Record<string, string>>): string {
  const all = {
    host: "127.0.0.1",
    "x-github-event": "pull_request",
    "x-github-delivery": "raw",
    "x-hub-signature-256": `sha256=${"0".repeat(64)}`,
    ...headers,
  };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}`);
  return `POST /api/v1/webhooks/github HTTP/1.1\r\n${lines.join("\r\n")}\r\n\r\n`;
}
