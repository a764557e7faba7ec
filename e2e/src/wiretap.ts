import { startFaultProxy } from "./fault-proxy.ts";

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
  const recordings: Recording[] = [];
  const proxy = await startFaultProxy(url, () => {
    const recording: Recording = { sent: [], answered: [] };
    recordings.push(recording);
    return {
      sent: (chunk) => recording.sent.push(chunk),
      answered: (chunk) => recording.answered.push(chunk),
    };
  });
  const text = (side: keyof Recording) =>
    recordings.map((recording) => Buffer.concat(recording[side]).toString("latin1")).join("\n");
  return {
    url: proxy.url,
    sent: () => text("sent"),
    answered: () => text("answered"),
    [Symbol.asyncDispose]: () => proxy[Symbol.asyncDispose](),
  };
}
