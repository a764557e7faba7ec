import { type AnswerKind, type Answers, checkAnswerSchema, modelAnswerSchema } from "@nectr/review";
import { extractJsonMiddleware, generateText, type ModelMessage, Output, wrapLanguageModel } from "ai";
import type { ZodType } from "zod";
import { type AnswerForm, fullForm, simplerForm } from "./answer-form.ts";
import type { Bill } from "./bill.ts";
import { type Candidate, wordingOf } from "./candidate.ts";
import { createLooking, type Looking, maxRounds } from "./looking.ts";
import type { Meter } from "./meter.ts";
import { isUnusable, ModelError, toModelError } from "./model-error.ts";
import { repairMessages } from "./repair-messages.ts";
import type { ModelRequest, ToolCall } from "./review-model.ts";
import { textForms } from "./text-protocol/text-form.ts";
import { UnusableText } from "./unusable-text.ts";
import { type LanguageModel, watchedModel } from "./watched-model.ts";

const timeout = { stepMs: 5 * 60_000, totalMs: 20 * 60_000, toolMs: 30_000 };
/**
 * Of each call, for what may be over in seconds: no connection, 408, 409, 429 and 5xx. It keeps what the calls before
 * have cost; whoever asks has the longer patience.
 */
const maxRetries = 3;

const schemas: { readonly [Kind in AnswerKind]: ZodType<Answers[Kind]> } = {
  review: modelAnswerSchema,
  checks: checkAnswerSchema,
};

/** What is common to the models that are asked one question. */
export interface Inquiry<Kind extends AnswerKind> {
  readonly request: ModelRequest<Kind>;
  readonly bill: Bill;
  readonly trace: ToolCall[];
}

interface Reply<Kind extends AnswerKind> {
  readonly answer: Answers[Kind];
  /** By the provider's own name. */
  readonly model: string;
}

/** What one model needs to be asked in any form. */
interface Asking<Kind extends AnswerKind> {
  readonly candidate: Candidate;
  readonly request: ModelRequest<Kind>;
  readonly meter: Meter;
  readonly looking: Looking | undefined;
  readonly signal: AbortSignal;
}

/**
 * Asks one model: in the form in which it has answered before, else by schema; once more where the answer has not that
 * form, with the problem named; and in a simpler form where it cannot do the other one.
 *
 * @throws ModelError
 */
export async function askCandidate<Kind extends AnswerKind>(
  candidate: Candidate,
  { request, bill, trace }: Inquiry<Kind>,
): Promise<Reply<Kind>> {
  const { tools: repository, interrupts = () => false } = request;
  const interruption = new AbortController();
  const signals = [interruption.signal, ...(request.signal === undefined ? [] : [request.signal])];
  const interrupt = (error: unknown) => interruption.abort(error);
  const asking: Asking<Kind> = {
    candidate,
    request,
    meter: bill.meter(candidate.price),
    looking: repository && createLooking({ repository, interrupts, interrupt, trace }),
    signal: AbortSignal.any(signals),
  };
  try {
    return await inItsForm(asking);
  } catch (error) {
    const usage = bill.usage();
    if (interruption.signal.aborted && !request.signal?.aborted) {
      const cause: unknown = interruption.signal.reason;
      throw new ModelError("interrupted", "A tool of the review was interrupted", { usage, cause });
    }
    const { name: model, secrets } = candidate;
    throw toModelError(error, { model, signal: request.signal, secrets, usage });
  }
}

async function inItsForm<Kind extends AnswerKind>(asking: Asking<Kind>): Promise<Reply<Kind>> {
  const { learned } = asking.candidate;
  let form = learned.form ?? fullForm;
  for (let repairs = true; ;) {
    try {
      const reply = await withRepair(asking, form, repairs);
      learned.form = form;
      return reply;
    } catch (error) {
      const next = asking.signal.aborted
        ? undefined
        : simplerForm(form, error, learned.form?.answers === form.answers);
      if (next === undefined) throw error;
      // It has had its two tries; this is a third one.
      if (isUnusable(error)) repairs = false;
      form = next;
    }
  }
}

async function withRepair<Kind extends AnswerKind>(
  asking: Asking<Kind>,
  form: AnswerForm,
  repairs: boolean,
): Promise<Reply<Kind>> {
  try {
    return await ask(asking, form, []);
  } catch (error) {
    if (!repairs || !isUnusable(error) || asking.signal.aborted) throw error;
    return await ask(asking, form, repairMessages(error, form, asking.request.kind));
  }
}

async function ask<Kind extends AnswerKind>(
  { candidate, request, meter, looking, signal }: Asking<Kind>,
  form: AnswerForm,
  repair: readonly ModelMessage[],
): Promise<Reply<Kind>> {
  const { kind, maxCostUsd } = request;
  const rounds = () => looking?.rounds() ?? 0;
  // Past its rounds a server that lets its model call on must not even offer it.
  const tools = form.tools && rounds() < maxRounds ? looking?.tools : undefined;
  const inText = form.answers === "text";
  const instructions = inText
    ? `${request.instructions}\n\n${textForms[kind].description}`
    : request.instructions;
  const { messages, ...wording } = wordingOf(candidate, request, {
    instructions,
    rounds: tools !== undefined,
  });
  const mustAnswer = () =>
    rounds() >= maxRounds || (maxCostUsd !== undefined && !meter.allowsTwoMore(maxCostUsd));
  const maxOutputTokens = request.maxOutputTokens ?? candidate.maxOutputTokens;
  const languageModel = await candidate.load();
  const result = await generateText({
    model: watchedModel(inText ? languageModel : unfenced(languageModel), {
      meter,
      looking,
    }),
    ...wording,
    messages: [...messages, ...repair],
    ...(!inText && { output: Output.object({ schema: schemas[kind], name: kind }) }),
    stopWhen: () => rounds() > maxRounds,
    prepareStep: () => (mustAnswer() ? { toolChoice: "none" } : {}),
    toolCallConcurrency: 4,
    maxRetries,
    timeout,
    abortSignal: signal,
    ...(tools !== undefined && { tools }),
    ...(maxOutputTokens !== undefined && { maxOutputTokens }),
  });
  const { finishReason, response } = result.finalStep;
  if (!inText) return { answer: result.output as Answers[Kind], model: response.modelId };
  const parsed = textForms[kind].parse(result.text);
  const cutOff = finishReason === "length";
  if ("problem" in parsed || cutOff) {
    const problem = "problem" in parsed ? parsed.problem : "it was cut off";
    throw new UnusableText(problem, { text: result.text, cutOff });
  }
  return { answer: parsed.answer, model: response.modelId };
}

/** Servers that pass the schema over tend to answer with JSON in a Markdown fence. */
function unfenced(model: LanguageModel): LanguageModel {
  return wrapLanguageModel({ model, middleware: extractJsonMiddleware() });
}
