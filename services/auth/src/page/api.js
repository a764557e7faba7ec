/** An answer other than success: a problem document's `code` and what it says. */
export class ApiError extends Error {
  /**
   * @param {number} status 0 where no answer came
   * @param {string} code
   * @param {string} message
   */
  constructor(status, code, message) {
    super(message);
    this.name = "ApiError";
    this.status = status;
    this.code = code;
  }
}

/**
 * Calls the service.
 * @param {"GET" | "POST" | "DELETE"} method
 * @param {string} path
 * @param {object} [json] the body
 * @returns {Promise<any>} the answer's JSON, undefined where it has none
 * @throws {ApiError}
 */
export async function call(method, path, json) {
  const response = await send(method, path, json);
  if (response.status === 204) return undefined;
  const body = await response.json().catch(() => ({}));
  if (response.ok) return body;
  throw new ApiError(
    response.status,
    body.code ?? "unknown",
    body.detail ?? body.title ?? `The service answered ${response.status}.`,
  );
}

/**
 * @param {string} method
 * @param {string} path
 * @param {object | undefined} json
 */
async function send(method, path, json) {
  try {
    // The header is one that no foreign page can send.
    return await fetch(path, {
      method,
      headers: {
        accept: "application/json",
        "x-requested-with": "nectr",
        ...(json && { "content-type": "application/json" }),
      },
      ...(json && { body: JSON.stringify(json) }),
    });
  } catch {
    throw new ApiError(0, "offline", "The service does not answer. Is it running?");
  }
}

/**
 * A segment of a path.
 * @param {TemplateStringsArray} parts
 * @param {...(string | number)} values
 */
export function path(parts, ...values) {
  return String.raw({ raw: parts }, ...values.map(encodeURIComponent));
}
