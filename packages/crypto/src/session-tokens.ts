import { type KeyObject, createSecretKey } from "node:crypto";
import jwt from "jsonwebtoken";

const algorithm = "HS256";
/** Explicit typing (RFC 8725, section 3.11): no other token made with the same key passes for a session. */
const tokenType = "nectr-session";
/** RFC 7518, section 3.2: a key as long as the hash, at least. */
const shortestKeyBytes = 32;

/** A session token that is not accepted: its time is over, or it was never good. */
export class SessionTokenError extends Error {
  override readonly name = "SessionTokenError";
  readonly code: "expired" | "invalid";

  constructor(code: "expired" | "invalid", options?: ErrorOptions) {
    super(code === "expired" ? "The session has expired." : "The session token is invalid.", options);
    this.code = code;
  }
}

/** Issues and checks the tokens that a browser holds for a session. */
export interface SessionTokens {
  /** A token for the session, valid from now on for the configured lifetime. */
  sign(session: { userId: string; sessionId: string }): string;
  /** What the token says, if it is ours and in time. @throws SessionTokenError otherwise */
  verify(token: string): { userId: string; sessionId: string; expiresAt: Date };
}

/**
 * Session tokens as JWTs, HS256 and nothing else. The first key signs, all verify, so that a new key is
 * brought in by putting it first.
 *
 * @throws RangeError when there is no key, one is shorter than 32 bytes, the issuer or the audience is
 *   empty, or the lifetime is not positive
 */
export function createSessionTokens(options: {
  keys: readonly Buffer[];
  issuer: string;
  audience: string;
  lifetimeMinutes: number;
}): SessionTokens {
  const { issuer, audience, lifetimeMinutes } = options;
  const keys = options.keys.map(toSecretKey);
  const [signingKey] = keys;
  if (signingKey === undefined) throw new RangeError("Session tokens need at least one key.");
  // The library would skip the check of an empty one.
  if (issuer === "" || audience === "")
    throw new RangeError("Session tokens need an issuer and an audience.");
  if (!(lifetimeMinutes > 0)) throw new RangeError("A session's lifetime is a positive number of minutes.");

  return {
    sign: ({ userId, sessionId }) =>
      jwt.sign({ sid: sessionId }, signingKey, {
        algorithm,
        header: { alg: algorithm, typ: tokenType },
        subject: userId,
        issuer,
        audience,
        expiresIn: Math.ceil(lifetimeMinutes * 60),
      }),

    verify(token) {
      const { header, payload } = verifyWithAny(keys, token, { algorithms: [algorithm], issuer, audience });
      if (header.typ !== tokenType || typeof payload === "string") throw new SessionTokenError("invalid");
      const { sub, sid, exp } = payload;
      if (typeof sub !== "string" || typeof sid !== "string" || exp === undefined) {
        throw new SessionTokenError("invalid");
      }
      return { userId: sub, sessionId: sid, expiresAt: new Date(exp * 1000) };
    },
  };
}

function toSecretKey(bytes: Buffer): KeyObject {
  if (bytes.length < shortestKeyBytes) {
    throw new RangeError(`A key for session tokens has at least ${shortestKeyBytes} bytes.`);
  }
  return createSecretKey(bytes);
}

/** Expiry is judged after the signature, so "expired" from one key settles it: no other made the token. */
function verifyWithAny(keys: readonly KeyObject[], token: string, options: jwt.VerifyOptions): jwt.Jwt {
  let refusal: unknown;
  for (const key of keys) {
    try {
      return jwt.verify(token, key, { ...options, complete: true });
    } catch (cause) {
      if (cause instanceof jwt.TokenExpiredError) throw new SessionTokenError("expired", { cause });
      refusal = cause;
    }
  }
  throw new SessionTokenError("invalid", { cause: refusal });
}
