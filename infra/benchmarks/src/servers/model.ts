import { announce } from "./announce.ts";

// A model behind OpenAI's chat completions that answers at once, and has nothing to say.

const review = { summary: "Adds sums of everything.", findings: [] };
const completion = JSON.stringify({
  id: "chatcmpl-benchmark",
  object: "chat.completion",
  created: 1_700_000_000,
  model: "benchmark",
  choices: [
    { index: 0, message: { role: "assistant", content: JSON.stringify(review) }, finish_reason: "stop" },
  ],
  usage: { prompt_tokens: 5_000, completion_tokens: 50, total_tokens: 5_050 },
});

await announce((request, response) => {
  request.resume().once("end", () => {
    response.writeHead(200, { "content-type": "application/json" }).end(completion);
  });
});
