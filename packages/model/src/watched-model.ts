import { APICallError, wrapLanguageModel } from "ai";
import type { Looking } from "./looking.ts";
import type { Meter } from "./meter.ts";
import { isRefusal, retryAfterMs } from "./model-error.ts";

export type LanguageModel = Parameters<typeof wrapLanguageModel>[0]["model"];

/** The longest pause that the SDK makes between two tries of a call. It overlooks a `Retry-After` that is longer. */
const longestPauseMs = 60_000;

/**
 * The model, with each answer counted as soon as it is there: a step whose tools fail, or that is aborted, is paid for
 * too. What the SDK should not try again within seconds ends the call: whoever asked has more time.
 */
export function watchedModel(
  model: LanguageModel,
  { meter, looking }: { readonly meter: Meter; readonly looking: Pick<Looking, "begin"> | undefined },
) {
  return wrapLanguageModel({
    model,
    middleware: {
      specificationVersion: "v4",
      async wrapGenerate({ doGenerate, params }) {
        try {
          const result = await doGenerate();
          meter.add(result.usage, { prompt: params.prompt, answer: result.content });
          looking?.begin(
            result.content.flatMap((part) =>
              part.type === "tool-call"
                ? [{ id: part.toolCallId, tool: part.toolName, arguments: part.input }]
                : [],
            ),
          );
          return result;
        } catch (error) {
          throw APICallError.isInstance(error) && !worthAPause(error) ? asFinal(error) : error;
        }
      },
    },
  });
}

function worthAPause(error: APICallError): boolean {
  // 501: the server has not what is asked for, and will not have it in a minute.
  return !isRefusal(error) && error.statusCode !== 501 && (retryAfterMs(error) ?? 0) <= longestPauseMs;
}

/** The same error, which the SDK does not try again. */
function asFinal(error: APICallError): APICallError {
  const { message, url, requestBodyValues, statusCode, responseHeaders, responseBody, cause, data } = error;
  return new APICallError({
    message,
    url,
    requestBodyValues,
    cause,
    data,
    isRetryable: false,
    ...(statusCode !== undefined && { statusCode }),
    ...(responseHeaders !== undefined && { responseHeaders }),
    ...(responseBody !== undefined && { responseBody }),
  });
}
