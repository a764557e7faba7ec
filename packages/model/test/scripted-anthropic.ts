import { once } from "node:events";
import { createServer } from "node:http";
import { z } from "zod";

const requestSchema = z.looseObject({
  model: z.string(),
  max_tokens: z.number(),
  messages: z.array(z.looseObject({ role: z.enum(["user", "assistant"]), content: z.unknown() })),
});

/** A turn of the assistant: text, or a wish to use a tool. */
export type Turn =
  | { readonly text: string }
  | { readonly tool: string; readonly input: unknown }
  | { readonly status: number; readonly headers?: Record<string, string> };

export interface ScriptedAnthropic extends AsyncDisposable {
  /** The API's root, without a version. */
  readonly baseUrl: string;
  readonly requests: readonly {
    readonly key: string | undefined;
    readonly body: z.infer<typeof requestSchema>;
  }[];
}

/** A server that speaks Anthropic's messages API (https://platform.claude.com/docs/en/api/messages): one turn after the other, or what the function says. */
export async function startScriptedAnthropic(
  script: readonly Turn[] | ((body: z.infer<typeof requestSchema>) => Turn),
): Promise<ScriptedAnthropic> {
  const requests: { key: string | undefined; body: z.infer<typeof requestSchema> }[] = [];
  const server = createServer((incoming, response) => {
    const chunks: Buffer[] = [];
    incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
    incoming.on("end", () => {
      const key = incoming.headers["x-api-key"];
      const body = requestSchema.parse(JSON.parse(Buffer.concat(chunks).toString("utf8")));
      requests.push({ key: typeof key === "string" ? key : undefined, body });
      const next = typeof script === "function" ? script(body) : script[requests.length - 1];
      const turn = incoming.url === "/v1/messages" ? next : undefined;
      const { status, headers, answer } = answerOf(turn ?? { status: 404 }, body.model, key);
      response.writeHead(status, { "content-type": "application/json", ...headers });
      response.end(JSON.stringify(answer));
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The scripted server has no port");
  return {
    baseUrl: `http://127.0.0.1:${address.port}`,
    requests,
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}

function answerOf(turn: Turn, model: string, key: unknown) {
  if ("status" in turn) {
    // A server that repeats the caller's key is the worst case for what an error may show.
    const error = { type: "authentication_error", message: `refused for the key ${String(key)}` };
    return { status: turn.status, headers: turn.headers, answer: { type: "error", error } };
  }
  const content =
    "text" in turn
      ? { type: "text", text: turn.text, citations: null }
      : { type: "tool_use", id: "toolu_1", name: turn.tool, input: turn.input };
  const answer = {
    id: "msg_1",
    type: "message",
    role: "assistant",
    model: `${model}-20261001`,
    content: [content],
    stop_reason: "text" in turn ? "end_turn" : "tool_use",
    stop_sequence: null,
    usage: {
      input_tokens: 200,
      cache_creation_input_tokens: 300,
      cache_read_input_tokens: 500,
      output_tokens: 100,
    },
  };
  return { status: 200, headers: {}, answer };
}
