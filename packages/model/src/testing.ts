import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AnswerKind, CheckAnswer, ModelAnswer } from "@nectr/review";
import { z } from "zod";
import { textForms } from "./text-protocol/text-form.ts";

/** What the scripted model does with one request. */
export type ScriptedAnswer =
  /** Answers with this review, in the form that was asked for. */
  | ModelAnswer
  /** With these checks. */
  | CheckAnswer
  /** Answers with this text, whatever was asked for. */
  | { readonly text: string }
  /** Answers with this text, and is cut off after it. */
  | { readonly cutOff: string }
  /** Asks to read a file. */
  | { readonly readFile: string }
  /** Asks to use these tools. Arguments that are a text are sent as they are. */
  | { readonly calls: readonly { readonly tool: string; readonly arguments: unknown }[] }
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
  /** The body as it came. */
  readonly raw: string;
  readonly kind: AnswerKind;
  readonly form: "schema" | "text";
  /** The text of all its messages, for looking something up in it. */
  readonly text: string;
  readonly authorization: string | undefined;
}

export interface ScriptedModel extends AsyncDisposable {
  /** For OPENAI_BASE_URL; it ends in `/v1`. */
  readonly baseUrl: string;
  /** Those that asked for a review. */
  readonly requests: readonly ScriptedRequest[];
  /** Those that asked for checks. */
  readonly checkRequests: readonly ScriptedRequest[];
  close(): Promise<void>;
}

/** Tokens that every answer claims to have cost, unless the server is told otherwise. */
export const scriptedUsage = { inputTokens: 1_200, cachedInputTokens: 1_000, outputTokens: 80 };

type Answering = (request: ScriptedRequest) => ScriptedAnswer | Promise<ScriptedAnswer>;

/** Confirms every claim of a request for checks. Each begins with a line `Claim N`. */
export function confirmAll({ text }: Pick<ScriptedRequest, "text">): CheckAnswer {
  const checks = [...text.matchAll(/^(?:#+ )?Claim (\d+)\b/gm)].map(([, number]) => ({
    claim: Number(number),
    verdict: "confirmed" as const,
    confidence: 95,
    reason: "The code shows it.",
  }));
  return { checks };
}

/**
 * A model server that speaks OpenAI's chat completions. Requests for a review are answered from a script: one answer
 * after the other (then status 400, which nobody retries), or whatever the function says. Requests for checks have the
 * script's checks, one after the other, and what `checks` says after those.
 * @param usage what it claims for each.
 */
export async function startScriptedModel(
  script: readonly ScriptedAnswer[] | Answering,
  usage = scriptedUsage,
  checks: Answering = confirmAll,
): Promise<ScriptedModel> {
  const requests: ScriptedRequest[] = [];
  const checkRequests: ScriptedRequest[] = [];
  const answers = {
    review: answering(script, (answer) => !("checks" in answer), noFurtherAnswer),
    checks: answering(typeof script === "function" ? [] : script, (answer) => "checks" in answer, checks),
  };
  const server = createServer((incoming, response) => {
    void readRequest(incoming).then(
      async (request) => {
        (request.kind === "review" ? requests : checkRequests).push(request);
        respond(response, { request, usage }, await answers[request.kind](request));
      },
      (error: unknown) => refuse(response, { status: 400, message: String(error) }),
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
  return {
    baseUrl: `http://127.0.0.1:${address.port}/v1`,
    requests,
    checkRequests,
    close,
    [Symbol.asyncDispose]: close,
  };
}

const noFurtherAnswer: Answering = () => ({ status: 400, message: "The script has no further answer" });

/** The script's answers of one kind in their order, and then what `after` says. */
function answering(
  script: readonly ScriptedAnswer[] | Answering,
  isOfKind: (answer: ScriptedAnswer) => boolean,
  after: Answering,
): Answering {
  if (typeof script === "function") return script;
  const answers = script.filter(isOfKind)[Symbol.iterator]();
  return (request) => {
    const { done, value } = answers.next();
    return done === true ? after(request) : value;
  };
}

async function readRequest(incoming: IncomingMessage): Promise<ScriptedRequest> {
  if (incoming.method !== "POST" || incoming.url !== "/v1/chat/completions") {
    throw new Error(`There is nothing at ${incoming.method} ${incoming.url}`);
  }
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk);
  const raw = Buffer.concat(chunks).toString("utf8");
  const body = requestSchema.parse(JSON.parse(raw));
  const text = body.messages
    .map(({ content }) => (typeof content === "string" ? content : JSON.stringify(content)))
    .join("\n");
  return { body, raw, text, ...askedFor(body, text), authorization: incoming.headers.authorization };
}

const responseFormat = z.object({ json_schema: z.object({ name: z.enum(["review", "checks"]) }) });

function askedFor(body: z.infer<typeof requestSchema>, text: string): Pick<ScriptedRequest, "kind" | "form"> {
  const format = responseFormat.safeParse(body.response_format);
  if (format.success) return { kind: format.data.json_schema.name, form: "schema" };
  const checks = text.includes(textForms.checks.description);
  return { kind: checks ? "checks" : "review", form: "text" };
}

interface Served {
  readonly request: ScriptedRequest;
  readonly usage: typeof scriptedUsage;
}

type Refusal = Extract<ScriptedAnswer, { status: number }>;

function refuse(response: ServerResponse, { status, message = "Scripted refusal", headers }: Refusal): void {
  response.writeHead(status, { "content-type": "application/json", ...headers });
  response.end(JSON.stringify({ error: { message, type: "error", code: null } }));
}

function respond(response: ServerResponse, served: Served, answer: ScriptedAnswer): void {
  if ("hang" in answer) return;
  if ("status" in answer) {
    refuse(response, answer);
    return;
  }
  response.writeHead(200, { "content-type": "application/json" });
  response.end(JSON.stringify(completion(served, answer)));
}

type Completed = Exclude<ScriptedAnswer, Refusal | { hang: true }>;

/** A chat completion as the API gives it: https://platform.openai.com/docs/api-reference/chat/object */
function completion({ request, usage }: Served, answer: Completed): unknown {
  const calls = callsOf(answer);
  return {
    id: "chatcmpl-scripted",
    object: "chat.completion",
    created: 1_700_000_000,
    model: request.body.model,
    choices: [
      {
        index: 0,
        message: {
          role: "assistant",
          content: contentOf(answer, request.form),
          refusal: null,
          ...(calls.length > 0 && { tool_calls: calls }),
        },
        logprobs: null,
        finish_reason: calls.length > 0 ? "tool_calls" : "cutOff" in answer ? "length" : "stop",
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

function callsOf(answer: Completed): unknown[] {
  const calls =
    "readFile" in answer
      ? [{ tool: "read_file", arguments: { path: answer.readFile } }]
      : "calls" in answer
        ? answer.calls
        : [];
  return calls.map(({ tool, arguments: given }, index) => ({
    id: `call_${index + 1}`,
    type: "function",
    function: { name: tool, arguments: typeof given === "string" ? given : JSON.stringify(given) },
  }));
}

function contentOf(answer: Completed, form: ScriptedRequest["form"]): string | null {
  if ("readFile" in answer || "calls" in answer) return null;
  if ("text" in answer) return answer.text;
  if ("cutOff" in answer) return answer.cutOff;
  if (form === "schema") return JSON.stringify(answer);
  return "checks" in answer ? textForms.checks.render(answer) : textForms.review.render(answer);
}
