import { APICallError, NoObjectGeneratedError, NoOutputGeneratedError, RetryError } from "ai";

/**
 * Why a model gave no review.
 * - `unavailable`: not reached, overloaded, rate-limited or too slow; later it may work.
 * - `rejected`: the provider refuses the call as it is (key, model name, size); only a change helps.
 * - `unusable-answer`: it answered, twice, with something that is no review.
 * - `aborted`: the caller's signal.
 */
export type ModelErrorKind = "unavailable" | "rejected" | "unusable-answer" | "aborted";

/**
 * Carries no `cause`: the SDK's errors hold the whole request, and with it code and headers that belong in
 * no log.
 */
export class ModelError extends Error {
  override readonly name = "ModelError";
  readonly kind: ModelErrorKind;
  /** The provider's HTTP status, where it answered at all. */
  readonly status: number | undefined;

  constructor(kind: ModelErrorKind, message: string, status?: number) {
    super(message);
    this.kind = kind;
    this.status = status;
  }
}

/** Whether the model answered and the answer was no review. */
export function isUnusable(error: unknown): boolean {
  return NoObjectGeneratedError.isInstance(error) || NoOutputGeneratedError.isInstance(error);
}

/** An error of the SDK, or of the network below it, as one of ours. `secrets` are cut out of its text. */
export function toModelError(
  error: unknown,
  context: { model: string; signal: AbortSignal | undefined; secrets: readonly string[] },
): ModelError {
  const { model, signal } = context;
  if (signal?.aborted) return new ModelError("aborted", `The review by ${model} was aborted`);
  const last = RetryError.isInstance(error) ? error.lastError : error;
  const said = withoutSecrets(last instanceof Error ? last.message : String(last), context.secrets);
  if (isUnusable(last)) return new ModelError("unusable-answer", `${model} gave no usable answer: ${said}`);
  if (!APICallError.isInstance(last)) {
    return new ModelError("unavailable", `${model} could not be asked: ${said}`);
  }
  const status = last.statusCode;
  if (status === undefined) return new ModelError("unavailable", `${model} was not reached: ${said}`);
  const refused = status >= 400 && status < 500 && !last.isRetryable;
  const kind = refused ? "rejected" : "unavailable";
  return new ModelError(kind, `${model} answered with status ${status}: ${said}`, status);
}

function withoutSecrets(text: string, secrets: readonly string[]): string {
  const shown = secrets
    .filter((secret) => secret !== "")
    .reduce((rest, secret) => rest.replaceAll(secret, "[secret]"), text);
  return shown.slice(0, 500);
}
