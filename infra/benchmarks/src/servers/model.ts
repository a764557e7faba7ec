import { countTokens } from "@nectr/review";
import { announce } from "./announce.ts";

// A model behind OpenAI's chat completions that answers at once: it finds one defect, and confirms it.

const finding = {
  path: "src/orders.ts",
  side: "new",
  startLine: 5,
  endLine: 5,
  quote: "",
  severity: "minor",
  category: "correctness",
  title: "The sum overflows",
  body: "Amounts beyond the safe integers lose their last digits.",
  suggestion: null,
  confidence: "high",
};
const review = { summary: "Adds sums of everything.", findings: [finding] };
const checks = { checks: [{ claim: 1, verdict: "confirmed", confidence: 90, reason: "So it is." }] };

/** Since the start. */
const asked = { calls: 0, tokens: 0 };
/** Of each kind of question, which are much the same for all reviews: to count each would take the worker's time. */
const tokensOf = new Map<string, number>();

function complete(body: string): string {
  const kind = body.includes('"name":"checks"') ? "checks" : "review";
  const tokens = tokensOf.get(kind) ?? tokensIn(body);
  tokensOf.set(kind, tokens);
  asked.calls += 1;
  asked.tokens += tokens;
  const content = JSON.stringify(kind === "checks" ? checks : review);
  return JSON.stringify({
    id: "chatcmpl-benchmark",
    object: "chat.completion",
    created: 1_700_000_000,
    model: "benchmark",
    choices: [{ index: 0, message: { role: "assistant", content }, finish_reason: "stop" }],
    usage: { prompt_tokens: tokens, completion_tokens: 50, total_tokens: tokens + 50 },
  });
}

/** Of the messages, and of the descriptions of the tools. */
function tokensIn(body: string): number {
  const { messages, tools } = JSON.parse(body) as { messages: { content: string }[]; tools?: unknown };
  return countTokens([...messages.map(({ content }) => content), JSON.stringify(tools ?? "")].join("\n"));
}

await announce((request, response) => {
  const chunks: Buffer[] = [];
  request.on("data", (chunk: Buffer) => chunks.push(chunk));
  request.once("end", () => {
    const answer =
      request.url === "/asked" ? JSON.stringify(asked) : complete(Buffer.concat(chunks).toString());
    response.writeHead(200, { "content-type": "application/json" }).end(answer);
  });
});
