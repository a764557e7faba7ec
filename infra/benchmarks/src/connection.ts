import { once } from "node:events";
import { connect } from "node:net";

/** One keep-alive connection that sends one request at a time. */
export interface Connection {
  /** Resolves with the answer's status. */
  send(request: Buffer): Promise<number>;
  close(): void;
}

/** HTTP as far as it is needed here, so that the sender takes little of the machine that it measures. */
export async function openConnection(port: number): Promise<Connection> {
  const socket = connect({ port, host: "127.0.0.1", noDelay: true });
  await once(socket, "connect");
  let waiting: PromiseWithResolvers<number> | undefined;
  let text = "";
  socket.on("data", (chunk) => {
    text += chunk.toString("latin1");
    const status = statusOfWhole(text);
    if (status === undefined) return;
    text = "";
    waiting?.resolve(status);
  });
  const fail = (error?: Error) => waiting?.reject(error ?? new Error("The server closed the connection"));
  socket.on("error", fail).on("close", () => fail());
  return {
    send(request) {
      waiting = Promise.withResolvers();
      socket.write(request);
      return waiting.promise;
    },
    close: () => void socket.destroy(),
  };
}

/** The status of an answer that is here to its last byte. */
function statusOfWhole(text: string): number | undefined {
  const end = text.indexOf("\r\n\r\n");
  if (end === -1) return undefined;
  const length = /\r\ncontent-length: (\d+)/i.exec(text)?.[1];
  const whole = length === undefined ? text.endsWith("0\r\n\r\n") : text.length >= end + 4 + Number(length);
  return whole ? Number(text.slice(9, 12)) : undefined;
}
