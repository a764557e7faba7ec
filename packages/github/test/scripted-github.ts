import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { createGitHubClient, type GitHubClient, type GitHubClientOptions } from "../src/index.ts";

export interface SeenRequest {
  readonly method: string;
  /** As it came over the wire, still encoded. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage["headers"];
  readonly text: string;
  readonly json: unknown;
}

/** What the peer does: answers, breaks the connection, breaks it amid the body, or never answers. */
export type Reply =
  | { status?: number; headers?: Record<string, string>; json?: unknown; body?: string | Uint8Array }
  | { fault: "reset" | "cut-off" | "silence" };

export interface ScriptedGitHub extends AsyncDisposable {
  readonly url: string;
  /** Everything that arrived, in order. */
  readonly requests: SeenRequest[];
  /** A client of this server, without waits. */
  client(options?: Partial<GitHubClientOptions>): GitHubClient;
}

/** A made-up token in the shape of GitHub's, put together here so that no scanner takes it for a real one. */
export const token = ["gho", "x".repeat(16) + "0123456789abcdefABCD"].join("_");

/** An HTTP server on a free port that answers as the script says. */
export async function createScriptedGitHub(
  script: (request: SeenRequest) => Reply | Promise<Reply>,
): Promise<ScriptedGitHub> {
  const requests: SeenRequest[] = [];
  const server = createServer((request, response) => {
    void readRequest(request)
      .then((seen) => {
        requests.push(seen);
        return script(seen);
      })
      .then((reply) => send(response, reply))
      .catch((error: unknown) =>
        send(response, { status: 599, json: { message: `script: ${String(error)}` } }),
      );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    requests,
    client: (options) => createGitHubClient({ apiUrl: url, token, userId: "1", pace: "none", ...options }),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function readRequest(request: IncomingMessage): Promise<SeenRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString();
  const [path = "", query = ""] = (request.url ?? "").split("?");
  const json: unknown = request.headers["content-type"]?.includes("json") ? JSON.parse(text) : undefined;
  return {
    method: request.method ?? "",
    path,
    query: new URLSearchParams(query),
    headers: request.headers,
    text,
    json,
  };
}

function send(response: ServerResponse, reply: Reply): void {
  if ("fault" in reply) {
    if (reply.fault === "reset") response.destroy();
    if (reply.fault === "cut-off") {
      response.writeHead(200, { "content-type": "text/plain; charset=utf-8", "content-length": "1000" });
      response.write("the first words", () => response.destroy());
    }
    return;
  }
  const { status = 200, headers = {}, json, body } = reply;
  const type = json === undefined ? {} : { "content-type": "application/json; charset=utf-8" };
  response.writeHead(status, { ...type, ...headers });
  response.end(json === undefined ? body : JSON.stringify(json));
}

/** A pull request as GitHub's REST API shows it. */
export function pullRequestJson(fields: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    number: 7,
    title: "Add a till",
    body: null,
    state: "open",
    draft: false,
    locked: false,
    merged: false,
    user: { login: "mona", id: 2, type: "User" },
    head: { sha: "a".repeat(40), ref: "till", repo: { id: 11 } },
    base: { sha: "b".repeat(40), ref: "main", repo: { id: 11, full_name: "octocat/shop", private: true } },
    labels: [{ name: "shop" }],
    additions: 3,
    deletions: 1,
    changed_files: 2,
    html_url: "https://github.example/octocat/shop/pull/7",
    updated_at: "2026-01-02T03:04:05Z",
    ...fields,
  };
}
