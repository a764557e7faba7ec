import { APICallError, NoObjectGeneratedError } from "ai";
import { isUnusable, lastError } from "./model-error.ts";
import { UnusableText } from "./unusable-text.ts";

/** How a model is asked: what it can do, not every server lets it do. */
export interface AnswerForm {
  /** `text`: by the plain-text protocol, for what cannot be held to a schema. */
  readonly answers: "schema" | "text";
  readonly tools: boolean;
}

/** With everything. */
export const fullForm: AnswerForm = { answers: "schema", tools: true };

/** Words of servers that refuse a request for its schema: llama.cpp, vLLM, LM Studio, OpenRouter, Gemini and others. */
const ofSchema =
  /response[_ ]?(?:format|mime|schema)|json[_ ]?(?:schema|mode|object)|structured[_ ]?output|guided|grammar/i;
/** And for its tools: Ollama, vLLM, OpenRouter and others. */
const ofTools = /\btool|function[_ ]?call/i;

/**
 * With which servers say that they do not do what a request asks for; 404 is OpenRouter's where no provider does, 500
 * llama.cpp's for a grammar that it cannot make.
 */
const formStatuses: ReadonlySet<number> = new Set([400, 404, 422, 500, 501]);

/**
 * In which simpler form the model should be asked after this error; undefined where no other form would help.
 * @param known whether it has answered in this form before: then it is not the form that it cannot do.
 */
export function simplerForm(form: AnswerForm, error: unknown, known: boolean): AnswerForm | undefined {
  if (isUnusable(error)) {
    const other = form.answers === "schema" && !known && !isCutOff(error);
    return other ? { ...form, answers: "text" } : undefined;
  }
  const last = lastError(error);
  if (!APICallError.isInstance(last) || !formStatuses.has(last.statusCode ?? 0)) return undefined;
  const words = `${last.message} ${last.responseBody ?? ""}`;
  if (form.answers === "schema" && ofSchema.test(words)) return { ...form, answers: "text" };
  if (form.tools && ofTools.test(words)) return { ...form, tools: false };
  return undefined;
}

/** Whether an answer was cut off at the length limit: no other form makes it shorter. */
export function isCutOff(error: unknown): boolean {
  if (error instanceof UnusableText) return error.cutOff;
  return NoObjectGeneratedError.isInstance(error) && error.finishReason === "length";
}
