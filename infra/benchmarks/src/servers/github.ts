import type { IncomingMessage, ServerResponse } from "node:http";
import { announce } from "./announce.ts";

// A GitHub that answers at once, from memory: any repository `bench/ID` has one pull request, of a few TypeScript files.
// It keeps nothing; what is posted gets an id.

const headSha = "0123456789abcdef0123456789abcdef01234567";
const user = { login: "octocat", id: 1, type: "User" };
const texts = new Map(
  [
    "orders",
    "customers",
    "invoices",
    "stock",
    "reports",
    "returns",
    "refunds",
    "taxes",
    "shops",
    "tills",
  ].map((name) => [`src/${name}.ts`, source(name)]),
);
const files = [...texts].map(([path, text]) => ({
  filename: path,
  status: "modified",
  additions: 20,
  deletions: 0,
  sha: headSha,
  patch: patchOf(text, 20),
}));

/** Two hundred lines that there is nothing to say of. */
function source(name: string): string {
  const functions = Array.from(
    { length: 40 },
    (_, index) =>
      `export function ${name}${index}(amounts: readonly number[]): number {\n` +
      `  const taxed = amounts.map((amount) => amount * ${index + 1});\n` +
      "  return taxed.reduce((sum, amount) => sum + amount, 0);\n}\n",
  );
  return functions.join("\n");
}

function patchOf(text: string, added: number): string {
  const lines = text.split("\n");
  const hunk = [
    ...lines.slice(0, 3).map((line) => ` ${line}`),
    ...lines.slice(3, 3 + added).map((line) => `+${line}`),
  ];
  return [`@@ -1,3 +1,${hunk.length} @@`, ...hunk].join("\n");
}

function pullOf(id: number) {
  const base = { sha: headSha, ref: "main", repo: { id, full_name: `bench/${id}`, private: false } };
  const url = `https://github.example.com/bench/${id}/pull/1`;
  return {
    number: 1,
    title: "Add sums",
    body: "Sums of everything.",
    state: "open",
    user,
    head: { sha: headSha, ref: "sums", repo: { id } },
    base,
    html_url: url,
    updated_at: new Date().toISOString(),
    merged: false,
    additions: 20 * files.length,
    deletions: 0,
    changed_files: files.length,
  };
}

let posted = 0;
/** Since the start. A query over GraphQL reads. */
const asked = { reads: 0, writes: 0 };

/** What our query for files asks, by the names of its variables: for each a commit, or `commit:path`. */
function answerQuery(body: string): object {
  const { variables } = JSON.parse(body) as { variables: Record<string, string> };
  const { owner: _owner, name: _name, ...expressions } = variables;
  const objects = Object.entries(expressions).map(([alias, expression]) => {
    const text = texts.get(expression.slice(expression.indexOf(":") + 1));
    if (!expression.includes(":")) return [alias, { oid: headSha }];
    const byteSize = text?.length;
    return [alias, text === undefined ? null : { text, byteSize, isBinary: false, isTruncated: false }];
  });
  return { data: { repository: Object.fromEntries(objects) } };
}

function answer({ method, url = "" }: IncomingMessage, body: string, response: ServerResponse): void {
  if (url === "/asked") return sendJson(response, 200, asked);
  if (method === "GET" || url === "/graphql") asked.reads += 1;
  else asked.writes += 1;
  if (url === "/graphql") return sendJson(response, 200, answerQuery(body));
  const [, id, path = ""] = /^\/repos\/bench\/(\d+)\/([^?]*)/.exec(url) ?? [];
  if (method === "POST") {
    posted += 1;
    return sendJson(response, 201, {
      id: posted,
      user,
      body: "",
      state: "COMMENTED",
      html_url: "https://github.example.com/",
    });
  }
  if (path === "pulls/1") return sendJson(response, 200, pullOf(Number(id)));
  if (path === "pulls/1/files") return sendJson(response, 200, files);
  const text = texts.get(decodeURIComponent(path.replace("contents/", "")));
  if (text !== undefined)
    return void response.writeHead(200, { "content-type": "application/vnd.github.raw+json" }).end(text);
  if (path.startsWith("contents/")) return sendJson(response, 404, { message: "Not Found" });
  sendJson(response, 200, []);
}

function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "content-type": "application/json; charset=utf-8" }).end(JSON.stringify(body));
}

await announce((request, response) => {
  // What is sent has to be read, so that the connection can be used again.
  const chunks: Buffer[] = [];
  request.on("data", (chunk: Buffer) => chunks.push(chunk));
  request.once("end", () => answer(request, Buffer.concat(chunks).toString(), response));
});
