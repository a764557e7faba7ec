import { LRUCache } from "lru-cache";

/** One attempt on the wire, as measured. */
export interface Attempt {
  /** Method and template, as `GET /repos/{owner}/{repo}`: no names, so that it can label a metric. */
  readonly route: string;
  /** HTTP status (304: answered from the ETag cache, free of charge); 0 where no answer came. */
  readonly status: number;
  readonly ms: number;
}

/** How one request is to be sent; Octokit's own options say the rest. */
export interface AttemptOptions {
  readonly route: string;
  /** Bytes of body read at most; a longer answer is handed on as status 413, which nobody retries. */
  readonly maxBytes: number;
  /** Neither ask the ETag cache nor fill it: for reads that decide whether to write. */
  readonly fresh: boolean;
}

export type Transport = (url: string, init: RequestInit, options: AttemptOptions) => Promise<Response>;

interface Stored {
  readonly etag: string;
  readonly status: number;
  readonly headers: readonly [string, string][];
  readonly body: Uint8Array<ArrayBuffer>;
}

const cachedAnswers = 200;
const cachedBytes = 8 * 1024 * 1024;
const bodilessStatuses: readonly number[] = [204, 205, 304];

/**
 * Sends one attempt with fetch. It adds what Octokit leaves out: a time limit that covers the body, a body
 * that is read whole before it counts as an answer (Octokit takes a text that breaks off for an empty one),
 * a size limit, and conditional requests out of a small cache:
 * https://docs.github.com/en/rest/using-the-rest-api/best-practices-for-using-the-rest-api#use-conditional-requests-if-appropriate
 */
export function createTransport(o: { timeoutMs: number; onAttempt?: (attempt: Attempt) => void }): Transport {
  const cache = new LRUCache<string, Stored>({
    max: cachedAnswers,
    maxSize: cachedBytes,
    sizeCalculation: ({ body }) => body.byteLength + 1,
  });

  return async (url, init, options) => {
    const started = performance.now();
    const headers = new Headers(init.headers);
    const key = `${headers.get("accept")} ${url}`;
    const cacheable = init.method === "GET" && !options.fresh;
    const stored = cacheable ? cache.get(key) : undefined;
    if (stored !== undefined) headers.set("if-none-match", stored.etag);

    let status = 0;
    try {
      const response = await fetch(url, { ...init, headers, signal: timeLimit(o.timeoutMs, init.signal) });
      const body = await readBody(response, options.maxBytes);
      status = response.status;
      if (status === 304 && stored !== undefined) return answerFrom(stored, response.headers);
      if (body === undefined) return new Response(null, { status: 413, headers: response.headers });
      const etag = response.headers.get("etag");
      if (cacheable && status === 200 && etag !== null) {
        cache.set(key, { etag, status, headers: [...response.headers], body });
      }
      const bodiless = bodilessStatuses.includes(status);
      return new Response(bodiless ? null : body, { status, headers: response.headers });
    } catch (error) {
      // An AbortError is what Octokit passes on at once; anything else it would try again.
      if (init.signal?.aborted) throw new DOMException("The caller gave up", "AbortError");
      throw error;
    } finally {
      o.onAttempt?.({ route: options.route, status, ms: performance.now() - started });
    }
  };
}

function timeLimit(ms: number, signal: AbortSignal | null | undefined): AbortSignal {
  const limit = AbortSignal.timeout(ms);
  return signal == null ? limit : AbortSignal.any([signal, limit]);
}

/** The stored answer under the fresh answer's headers, which carry the limits. */
function answerFrom(stored: Stored, fresh: Headers): Response {
  const headers = new Headers(stored.headers.map(([name, value]) => [name, value]));
  for (const [name, value] of fresh) headers.set(name, value);
  const type = stored.headers.find(([name]) => name === "content-type");
  if (type !== undefined) headers.set(...type);
  return new Response(stored.body, { status: stored.status, headers });
}

/** The whole body, or undefined where it is longer than `maxBytes`. */
async function readBody(response: Response, maxBytes: number): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > maxBytes) return undefined;
    chunks.push(chunk);
  }
  const body = new Uint8Array(bytes);
  let offset = 0;
  for (const chunk of chunks) {
    body.set(chunk, offset);
    offset += chunk.byteLength;
  }
  return body;
}
