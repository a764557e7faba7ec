import {
  APICallError,
  NoObjectGeneratedError,
  NoOutputGeneratedError,
  RetryError,
  ToolChoiceViolationError,
} from "ai";
import type { ModelUsage } from "./review-model.ts";
import { UnusableText } from "./unusable-text.ts";

/**
 * Why a model gave no answer.
 * - `unavailable`: not reached, overloaded, rate-limited or too slow; later it may work.
 * - `rejected`: the provider refuses the call as it is (key, model name, size); only a change helps.
 * - `unusable-answer`: it answered, more than once, with something that has not the form that was asked for.
 * - `aborted`: the caller's signal.
 * - `interrupted`: a tool's error that the caller wants for itself, which is the `cause`.
 */
export type ModelErrorKind = "unavailable" | "rejected" | "unusable-answer" | "aborted" | "interrupted";

/** What is known of a failure besides its kind. */
export interface ModelErrorDetails {
  /** The provider's HTTP status, where it answered at all. */
  readonly status?: number | undefined;
  /** How long the provider asks to be left in peace, in milliseconds. */
  readonly retryAfterMs?: number | undefined;
  /** What was paid all the same, for earlier calls of a tool loop or for answers that could not be used. */
  readonly usage?: ModelUsage | undefined;
  /** Of an interruption alone. */
  readonly cause?: unknown;
}

/**
 * Carries no `cause` of the SDK's: its errors hold the whole request, and with it code and headers that belong in
 * no log. Its message repeats what a server said: it is for the log of whoever runs Nectr, and for nobody else.
 */
export class ModelError extends Error {
  override readonly name = "ModelError";
  readonly kind: ModelErrorKind;
  readonly status: number | undefined;
  readonly retryAfterMs: number | undefined;
  readonly usage: ModelUsage | undefined;

  constructor(kind: ModelErrorKind, message: string, details: ModelErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.kind = kind;
    this.status = details.status;
    this.retryAfterMs = details.retryAfterMs;
    this.usage = details.usage;
  }
}

/** Whether the model answered and the answer has not the form that was asked for. */
export function isUnusable(error: unknown): boolean {
  return (
    error instanceof UnusableText ||
    NoObjectGeneratedError.isInstance(error) ||
    NoOutputGeneratedError.isInstance(error) ||
    // It was to answer and called a tool: Ollama, for one, passes over that it may not.
    ToolChoiceViolationError.isInstance(error)
  );
}

/** What the last of several tries ended with. */
export function lastError(error: unknown): unknown {
  return RetryError.isInstance(error) ? error.lastError : error;
}

/** Whether the provider refuses the call as it is: waiting would change nothing. */
export function isRefusal({ statusCode, responseBody }: APICallError): boolean {
  if (statusCode === undefined || statusCode < 400 || statusCode >= 500) return false;
  // What OpenAI answers with 429 to an account without credit.
  if (responseBody?.includes('"insufficient_quota"')) return true;
  return ![408, 409, 429].includes(statusCode);
}

/** What the provider's `Retry-After` says, or the finer `retry-after-ms`, in milliseconds. */
export function retryAfterMs({ responseHeaders }: APICallError): number | undefined {
  const milliseconds = Number.parseFloat(responseHeaders?.["retry-after-ms"] ?? "");
  const after = responseHeaders?.["retry-after"] ?? "";
  const seconds = Number.parseFloat(after);
  const [known] = [milliseconds, seconds * 1_000, Date.parse(after) - Date.now()].filter((ms) => ms >= 0);
  return known;
}

/** An error of the SDK, or of the network below it, as one of ours. `secrets` are cut out of its text. */
export function toModelError(
  error: unknown,
  context: {
    readonly model: string;
    readonly signal: AbortSignal | undefined;
    readonly secrets: readonly string[];
    readonly usage?: ModelUsage;
  },
): ModelError {
  const { model, signal, usage } = context;
  if (signal?.aborted) return new ModelError("aborted", `The review by ${model} was aborted`, { usage });
  const last = lastError(error);
  const said = withoutSecrets(last instanceof Error ? last.message : String(last), context.secrets);
  if (isUnusable(last)) {
    return new ModelError("unusable-answer", `${model} gave no usable answer: ${said}`, { usage });
  }
  if (!APICallError.isInstance(last)) {
    return new ModelError("unavailable", `${model} could not be asked: ${said}`, { usage });
  }
  const status = last.statusCode;
  if (status === undefined) {
    return new ModelError("unavailable", `${model} was not reached: ${said}`, { usage });
  }
  const kind = isRefusal(last) ? "rejected" : "unavailable";
  const details = { status, retryAfterMs: retryAfterMs(last), usage };
  return new ModelError(kind, `${model} answered with status ${status}: ${said}`, details);
}

function withoutSecrets(text: string, secrets: readonly string[]): string {
  const shown = secrets
    .filter((secret) => secret !== "")
    .reduce((rest, secret) => rest.replaceAll(secret, "[secret]"), text);
  return shown.slice(0, 500);
}
