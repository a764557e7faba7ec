import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { ModelAnswer } from "@nectr/review";
import { z } from "zod";

/** What the scripted model does with one request. */
export type ScriptedAnswer =
  /** Answers with this review. */
  | ModelAnswer
  /** Answers with this text, whatever was asked for. */
  | { readonly text: string }
  /** Asks to read a file. */
  | { readonly readFile: string }
  /** Refuses with an HTTP status. */
  | { readonly status: number; readonly message?: string; readonly headers?: Record<string, string> }
  /** Accepts the request and never answers. */
  | { readonly hang: true };

const requestSchema = z.looseObject({
  model: z.string(),
  messages: z.array(z.looseObject({ role: z.string(), content: z.unknown() })),
  response_format: z.unknown().optional(),
  tools: z.unknown().optional(),
  tool_choice: z.unknown().optional(),
  max_tokens: z.unknown().optional(),
});

/** A request as the server received it. */
export interface ScriptedRequest {
  readonly body: z.infer<typeof requestSchema>;
  /** The text of all its messages, for looking something up in it. */
  readonly text: string;
  readonly authorization: string | undefined;
}

export interface ScriptedModel extends AsyncDisposable {
  /** For OPENAI_BASE_URL; it ends in `/v1`. */
  readonly baseUrl: string;
  readonly requests: readonly ScriptedRequest[];
  close(): Promise<void>;
}

/** Tokens that every answer claims to have cost, unless the server is told otherwise. */
export const scriptedUsage = { inputTokens: 1_200, cachedInputTokens: 1_000, outputTokens: 80 };

/**
 * A model server that speaks OpenAI's chat completions and answers from a script: one answer after the
 * other (then status 400, which nobody retries), or whatever the function says.
 * @param usage what it claims for each.
 */
export async function startScriptedModel(
  script:
    | readonly ScriptedAnswer[]
    | ((request: ScriptedRequest) => ScriptedAnswer | Promise<ScriptedAnswer>),
  usage = scriptedUsage,
): Promise<ScriptedModel> {
  const requests: ScriptedRequest[] = [];
  const next = (request: ScriptedRequest): ScriptedAnswer | Promise<ScriptedAnswer> => {
    if (typeof script === "function") return script(request);
    return script[requests.length - 1] ?? { status: 400, message: "The script has no further answer" };
  };
  const server = createServer((incoming, response) => {
    void readRequest(incoming).then(
      async (request) => {
        requests.push(request);
        respond(response, { model: request.body.model, usage }, await next(request));
      },
      (error: unknown) => respond(response, { model: "", usage }, { status: 400, message: String(error) }),
    );
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The scripted model has no port");
  const close = async () => {
    if (!server.listening) return;
    server.close();
    server.closeAllConnections();
    await once(server, "close");
  };
  return { baseUrl: `http://127.0.0.1:${address.port}/v1`, requests, close, [Symbol.asyncDispose]: close };
}

async function readRequest(incoming: IncomingMessage): Promise<ScriptedRequest> {
  if (incoming.method !== "POST" || incoming.url !== "/v1/chat/completions") {
    throw new Error(`There is nothing at ${incoming.method} ${incoming.url}`);
  }
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk);
  const body = requestSchema.parse(JSON.parse(Buffer.concat(chunks).toString("utf8")));
  const text = body.messages
    .map(({ content }) => (typeof content === "string" ? content : JSON.stringify(content)))
    .join("\n");
  return { body, text, authorization: incoming.headers.authorization };
}

interface Served {
  readonly model: string;
  readonly usage: typeof scriptedUsage;
}

function respond(response: ServerResponse, served: Served, answer: ScriptedAnswer): void {
  if ("hang" in answer) return;
  if ("status" in answer) {
    response.writeHead(answer.status, { "content-type": "application/json", ...answer.headers });
    response.end(
      JSON.stringify({ error: { message: answer.message ?? "Scripted refusal", type: "error", code: null } }),
    );
    return;
  }
  response.writeHead(200, { "content-type": "application/json" });
  response.end(JSON.stringify(completion(served, answer)));
}

/** A chat completion as the API gives it: https://platform.openai.com/docs/api-reference/chat/object */
function completion(
  { model, usage }: Served,
  answer: ModelAnswer | { text: string } | { readFile: string },
): unknown {
  const call =
    "readFile" in answer
      ? {
          id: "call_1",
          type: "function",
          function: { name: "readFile", arguments: JSON.stringify({ path: answer.readFile }) },
        }
      : undefined;
  const content = "readFile" in answer ? null : "text" in answer ? answer.text : JSON.stringify(answer);
  return {
    id: "chatcmpl-scripted",
    object: "chat.completion",
    created: 1_700_000_000,
    model,
    choices: [
      {
        index: 0,
        message: {
          role: "assistant",
          content,
          refusal: null,
          ...(call === undefined ? {} : { tool_calls: [call] }),
        },
        logprobs: null,
        finish_reason: call === undefined ? "stop" : "tool_calls",
      },
    ],
    usage: {
      prompt_tokens: usage.inputTokens,
      completion_tokens: usage.outputTokens,
      total_tokens: usage.inputTokens + usage.outputTokens,
      prompt_tokens_details: { cached_tokens: usage.cachedInputTokens },
    },
  };
}
