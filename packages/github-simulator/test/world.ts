import { mkdtemp, rm } from "node:fs/promises";
import { type IncomingMessage, createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { type Simulator, type SimulatorOptions, createSimulator } from "../src/index.ts";

/** A simulator with `octocat/shop`, one pull request by hubot, and their tokens. */
export interface Shop extends AsyncDisposable {
  readonly simulator: Simulator;
  readonly dataDir: string;
  readonly octocat: Client;
  readonly hubot: Client;
  readonly stranger: Client;
  /** The pull request's number and its head. */
  readonly number: number;
  readonly headSha: string;
}

/** Asks the API as one user. The answer's body is JSON, or text where it is not. */
export type Client = ((
  method: string,
  path: string,
  options?: { body?: unknown; headers?: Record<string, string> },
) => Promise<Answer>) & { readonly token: string };

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly json: unknown;
  readonly text: string;
}

/** The id of the one record in an answer. */
export function idOf({ json }: Answer): number {
  return z.object({ id: z.int() }).parse(json).id;
}

/** The records of an answer that is a list. */
export function listOf({ json }: Answer): Record<string, unknown>[] {
  return z.array(z.record(z.string(), z.unknown())).parse(json);
}

/** The text of the file in an answer of `/contents`. */
export function contentOf({ json }: Answer): string {
  return Buffer.from(z.object({ content: z.string() }).parse(json).content, "base64").toString();
}

/** Twenty numbered lines. */
export const numbered = Array.from({ length: 20 }, (_, index) => `line ${index + 1}\n`).join("");

export async function openShop(options: Partial<SimulatorOptions> = {}): Promise<Shop> {
  const dataDir = options.dataDir ?? (await mkdtemp(join(tmpdir(), "github-simulator-")));
  const simulator = await createSimulator({ dataDir, checkResponses: true, log: console.error, ...options });
  const tokens = [];
  for (const login of ["octocat", "hubot", "stranger"])
    tokens.push((await simulator.createUser({ login })).token);
  const [octocat = "", hubot = "", stranger = ""] = tokens;
  const repository = "octocat/shop";
  await simulator.createRepository({
    owner: "octocat",
    name: "shop",
    private: true,
    members: { hubot: "write" },
  });
  await simulator.commit({
    repository,
    branch: "main",
    files: { "README.md": "# Shop\n", "src/a.txt": numbered, "old.txt": `${numbered}more\n` },
    message: "Start",
  });
  await simulator.commit({
    repository,
    branch: "feature",
    files: {
      "src/a.txt": numbered
        .replace("line 3\n", "line three\n")
        .replace("line 18\n", "line eighteen\nand more\n"),
      "old.txt": null,
      "new.txt": `${numbered}more\n`,
      "image.bin": new Uint8Array([0, 1, 2, 3, 0]),
    },
    message: "Change",
    author: "hubot",
  });
  const pull = await simulator.openPullRequest({
    repository,
    head: "feature",
    title: "A feature",
    author: "hubot",
  });
  return {
    simulator,
    dataDir,
    octocat: clientOf(simulator, octocat),
    hubot: clientOf(simulator, hubot),
    stranger: clientOf(simulator, stranger),
    ...pull,
    async [Symbol.asyncDispose]() {
      await simulator.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

export function clientOf(simulator: Simulator, token: string): Client {
  const client = async (
    method: string,
    path: string,
    options: { body?: unknown; headers?: Record<string, string> } = {},
  ) => {
    const response = await fetch(new URL(path, simulator.url), {
      method,
      headers: { authorization: `Bearer ${token}`, "user-agent": "test", ...options.headers },
      ...(options.body === undefined ? {} : { body: JSON.stringify(options.body) }),
    });
    const text = await response.text();
    const json: unknown = /json/.test(response.headers.get("content-type") ?? "")
      ? JSON.parse(text)
      : undefined;
    return { status: response.status, headers: response.headers, json, text };
  };
  return Object.assign(client, { token });
}

export interface Received {
  readonly headers: IncomingMessage["headers"];
  readonly body: Buffer;
}

/** A receiver of webhooks that answers as it is told; 200 by default. */
export async function openReceiver(status: () => number = () => 200) {
  const received: Received[] = [];
  const server = createServer((req, res) => {
    const chunks: Buffer[] = [];
    req.on("data", (chunk: Buffer) => chunks.push(chunk));
    req.on("end", () => {
      received.push({ headers: req.headers, body: Buffer.concat(chunks) });
      res.writeHead(status(), { "content-type": "application/json" }).end('{"status":"queued"}');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return {
    url: `http://127.0.0.1:${address.port}/hook`,
    received,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
