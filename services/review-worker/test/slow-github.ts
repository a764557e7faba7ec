import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** A write that GitHub has got, and has not performed yet. */
export interface HeldWrite {
  /** It has arrived. */
  readonly reached: Promise<void>;
  /** Performs it, and answers whoever still listens. */
  perform(): Promise<void>;
}

/** The simulator behind a door that can hold a write back. Like GitHub, it goes on with what it has got though the caller is gone. */
export interface SlowGitHub {
  readonly url: string;
  /** Holds the next request that matches. */
  hold(method: string, path: RegExp): HeldWrite;
  close(): Promise<void>;
}

interface Gate {
  readonly method: string;
  readonly path: RegExp;
  readonly reached: PromiseWithResolvers<void>;
  readonly opened: PromiseWithResolvers<void>;
  readonly performed: PromiseWithResolvers<void>;
}

export async function startSlowGitHub(simulatorUrl: string): Promise<SlowGitHub> {
  const gates = new Set<Gate>();

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = "", url = "" } = request;
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const gate = [...gates].find((each) => each.method === method && each.path.test(url));
    if (gate !== undefined) {
      gates.delete(gate);
      gate.reached.resolve();
      await gate.opened.promise;
    }
    const { authorization, accept, "content-type": type, "if-none-match": etag } = request.headers;
    const headers = { authorization, accept, "content-type": type, "if-none-match": etag };
    const answer = await fetch(`${simulatorUrl}${url}`, {
      method,
      headers: Object.entries(headers).flatMap(([name, value]) => (value ? [[name, value]] : [])),
      ...(chunks.length > 0 && { body: Buffer.concat(chunks) }),
    });
    const body = Buffer.from(await answer.arrayBuffer());
    gate?.performed.resolve();
    const hop = ["connection", "content-encoding", "content-length", "keep-alive", "transfer-encoding"];
    const kept = [...answer.headers].filter(([name]) => !hop.includes(name));
    response.writeHead(answer.status, Object.fromEntries(kept)).end(body);
  }

  const server = createServer((request, response) => {
    handle(request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    hold(method, path) {
      const [reached, opened, performed] = [
        Promise.withResolvers<void>(),
        Promise.withResolvers<void>(),
        Promise.withResolvers<void>(),
      ];
      gates.add({ method, path, reached, opened, performed });
      return {
        reached: reached.promise,
        async perform() {
          opened.resolve();
          await performed.promise;
        },
      };
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
