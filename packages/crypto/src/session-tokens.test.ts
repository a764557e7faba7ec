import { randomBytes } from "node:crypto";
import fc from "fast-check";
import jwt from "jsonwebtoken";
import { afterEach, describe, expect, test, vi } from "vitest";
import { SessionTokenError, createSessionTokens } from "./session-tokens.ts";

const key = randomBytes(32);
const options = { keys: [key], issuer: "https://nectr.test", audience: "dashboard", lifetimeMinutes: 1440 };
const tokens = createSessionTokens(options);
const session = { userId: "42", sessionId: "s-1" };

/** What a token of ours holds, with parts replaced: to forge one that differs in that part alone. */
function forge(
  change: { header?: object; claims?: object; key?: Buffer; algorithm?: jwt.Algorithm } = {},
): string {
  const algorithm = change.algorithm ?? "HS256";
  return jwt.sign(
    {
      sub: "42",
      sid: "s-1",
      iss: options.issuer,
      aud: options.audience,
      exp: Math.floor(Date.now() / 1000) + 60,
      ...change.claims,
    },
    change.key ?? key,
    { algorithm, header: { alg: algorithm, typ: "nectr-session", ...change.header } },
  );
}

function refusal(token: string, by = tokens): string {
  try {
    by.verify(token);
  } catch (error) {
    if (error instanceof SessionTokenError) return error.code;
    throw error;
  }
  return "accepted";
}

afterEach(() => {
  vi.useRealTimers();
});

describe("session tokens", () => {
  test("bring the session back, with its end", () => {
    vi.useFakeTimers({ now: new Date("2026-01-01T00:00:00Z") });
    expect(tokens.verify(tokens.sign(session))).toEqual({
      ...session,
      expiresAt: new Date("2026-01-02T00:00:00Z"),
    });
  });

  test("say that they expired, and only then", () => {
    vi.useFakeTimers({ now: new Date("2026-01-01T00:00:00Z") });
    const token = tokens.sign(session);
    vi.setSystemTime(new Date("2026-01-01T23:59:59Z"));
    expect(refusal(token)).toBe("accepted");
    vi.setSystemTime(new Date("2026-01-02T00:00:00Z"));
    expect(refusal(token)).toBe("expired");
    expect(refusal(token, createSessionTokens({ ...options, keys: [randomBytes(32), key] }))).toBe("expired");
    expect(refusal(token, createSessionTokens({ ...options, keys: [randomBytes(32)] }))).toBe("invalid");
  });

  test("are taken when forged with the right key and every part right: the forgeries below differ in one", () => {
    expect(refusal(forge())).toBe("accepted");
  });

  test.each([
    ["another key", forge({ key: randomBytes(32) })],
    ["another algorithm of the same family", forge({ algorithm: "HS512" })],
    ["another type", forge({ header: { typ: "JWT" } })],
    ["no type", forge({ header: { typ: undefined } })],
    ["another issuer", forge({ claims: { iss: "https://elsewhere.test" } })],
    ["another audience", forge({ claims: { aud: "api" } })],
    ["a time before which it is not valid", forge({ claims: { nbf: Math.floor(Date.now() / 1000) + 3600 } })],
    ["a user that is not a text", forge({ claims: { sub: undefined } })],
    ["no session", forge({ claims: { sid: undefined } })],
    ["a session that is not a text", forge({ claims: { sid: 1 } })],
  ])("are refused with %s", (_, token) => {
    expect(refusal(token)).toBe("invalid");
  });

  test("are refused without an end", () => {
    const { exp: _, ...claims } = jwt.verify(forge(), key) as jwt.JwtPayload;
    const token = jwt.sign(claims, key, { header: { alg: "HS256", typ: "nectr-session" } });
    expect(refusal(token)).toBe("invalid");
  });

  test("are refused unsigned, whatever the header says", () => {
    const [, payload, signature] = forge().split(".");
    for (const alg of ["none", "None", "NONE", "HS256"]) {
      const header = Buffer.from(JSON.stringify({ alg, typ: "nectr-session" })).toString("base64url");
      expect(refusal(`${header}.${payload}.`)).toBe("invalid");
      if (alg !== "HS256") expect(refusal(`${header}.${payload}.${signature}`)).toBe("invalid");
    }
  });

  test("are refused when malformed, always with the one error", () => {
    const [header] = forge().split(".");
    expect(refusal(`${header}.${Buffer.from("{no json").toString("base64url")}.c2ln`)).toBe("invalid");
    fc.assert(fc.property(fc.string(), (text) => refusal(text) === "invalid"));
    fc.assert(fc.property(fc.array(fc.base64String()), (parts) => refusal(parts.join(".")) === "invalid"));
  });

  test("survive a change of keys while the old one is listed", () => {
    const token = tokens.sign(session);
    const newKey = randomBytes(32);
    const rotated = createSessionTokens({ ...options, keys: [newKey, key] });
    expect(rotated.verify(token)).toMatchObject(session);
    expect(createSessionTokens({ ...options, keys: [newKey] }).verify(rotated.sign(session))).toMatchObject(
      session,
    );
    expect(refusal(token, createSessionTokens({ ...options, keys: [newKey] }))).toBe("invalid");
  });

  test("are not made without a key, with a short one, or without an issuer, audience or lifetime", () => {
    expect(() => createSessionTokens({ ...options, keys: [] })).toThrow(RangeError);
    expect(() => createSessionTokens({ ...options, keys: [key, randomBytes(31)] })).toThrow(RangeError);
    expect(() => createSessionTokens({ ...options, issuer: "" })).toThrow(RangeError);
    expect(() => createSessionTokens({ ...options, audience: "" })).toThrow(RangeError);
    expect(() => createSessionTokens({ ...options, lifetimeMinutes: 0 })).toThrow(RangeError);
    expect(() => createSessionTokens({ ...options, lifetimeMinutes: Number.NaN })).toThrow(RangeError);
  });
});
