import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { buffer } from "node:stream/consumers";
import { z } from "zod";

/** A pull request's event on its way from GitHub to webhook-ingest. */
export interface Letter {
  readonly number: number;
  readonly headSha: string;
  /** Hands it on. @throws Error where it is not taken. */
  deliver(): Promise<void>;
}

/** Stands before webhook-ingest: what GitHub sends of pull requests waits here until somebody delivers it. */
export interface PostOffice extends AsyncDisposable {
  readonly url: string;
  /** Called with each letter; it is delivered by whoever wants. At first, all are delivered at once. */
  onLetter: (letter: Letter) => void;
}

const pullRequestEvent = z.object({
  number: z.number(),
  pull_request: z.object({ head: z.object({ sha: z.string() }) }),
});

export async function startPostOffice(url: string): Promise<PostOffice> {
  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await buffer(request);
    const { host: _host, connection: _connection, "content-length": _length, ...headers } = request.headers;
    const handOn = () =>
      fetch(`${url}${request.url}`, {
        method: "POST",
        headers: Object.entries(headers).map(([name, value]) => [name, String(value)]),
        body: new Uint8Array(body),
      });
    if (headers["x-github-event"] !== "pull_request") {
      response.writeHead((await handOn()).status).end();
      return;
    }
    const event = pullRequestEvent.parse(JSON.parse(body.toString()));
    office.onLetter({
      number: event.number,
      headSha: event.pull_request.head.sha,
      async deliver() {
        const { status } = await handOn();
        if (status !== 200) throw new Error(`webhook-ingest answered ${status}`);
      },
    });
    response.writeHead(200).end();
  }

  const server = createServer((request, response) => {
    handle(request, response).catch(() => response.destroy());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the post office has no port");
  const office: PostOffice = {
    url: `http://127.0.0.1:${address.port}`,
    onLetter: (letter) => void letter.deliver(),
    async [Symbol.asyncDispose]() {
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
  return office;
}
