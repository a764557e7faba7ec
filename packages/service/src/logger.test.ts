import { randomBytes } from "node:crypto";
import { describe, expect, test } from "vitest";
import { createLogger } from "./logger.ts";

/** Runs `write` against a logger, and gives what came out: every line must still be JSON. */
function logged(write: (logger: ReturnType<typeof createLogger>) => void, pretty = false): string {
  const lines: string[] = [];
  write(
    createLogger({
      service: "test",
      level: "trace",
      pretty,
      destination: { write: (line) => void lines.push(line) },
    }),
  );
  if (!pretty) for (const line of lines) JSON.parse(line);
  return lines.join("");
}

const random = (length: number) => randomBytes(length).toString("hex").slice(0, length);
/** Has no form that gives it away: only where it stands does. */
const canary = `Canary${random(24)}`;
/** Tokens as GitHub and others form them, put together here so that none stands in the source. */
const tokens = {
  "OAuth token": ["gho", random(36)].join("_"),
  "personal token": ["ghp", random(36)].join("_"),
  "fine-grained token": ["github", "pat", random(22), random(59)].join("_"),
  "refresh token": ["ghr", random(76)].join("_"),
  "installation token": ["ghs", random(36)].join("_"),
  "user-to-server token": ["ghu", random(36)].join("_"),
  "model key": ["sk", "ant", random(40)].join("-"),
  "JSON web token": [`eyJ${random(30)}`, `eyJ${random(40)}`, random(43)].join("."),
  "Fernet token": `gAAAA${random(80)}==`,
};

describe("secrets by name", () => {
  test.each([
    ["authorization"],
    ["Authorization"],
    ["cookie"],
    ["set-cookie"],
    ["token"],
    ["access_token"],
    ["accessToken"],
    ["refresh_token"],
    ["client_secret"],
    ["clientSecret"],
    ["webhookSecret"],
    ["secret"],
    ["password"],
    ["code"],
    ["SECRET_KEY"],
    ["ANTHROPIC_API_KEY"],
  ])("%s, at any depth, as text, list or object", (name) => {
    const output = logged((logger) => {
      logger.info({ [name]: canary });
      logger.info({ a: { b: [{ c: { [name]: canary } }] } });
      logger.info({ [name]: [canary], x: { [name]: { value: canary } } });
      logger.info({ headers: new Headers({ ["x-ok"]: "yes" }), map: new Map([[name, canary]]) });
      logger.child({ [name]: canary }).info("from a child");
    });
    expect(output).not.toContain(canary);
    expect(output).toContain("from a child");
  });

  test("error codes, counts and flags are kept", () => {
    const output = logged((logger) => {
      logger.info({
        code: "ECONNREFUSED",
        error: { code: "23505" },
        usage: { inputTokens: 12 },
        token: true,
      });
      logger.info({ code: "bad_verification_code" });
    });
    for (const kept of [
      "ECONNREFUSED",
      "23505",
      '"inputTokens":12',
      '"token":true',
      "bad_verification_code",
    ]) {
      expect(output).toContain(kept);
    }
  });
});

describe.each(Object.entries(tokens))("a %s", (_name, token) => {
  test.each([
    ["the message", () => [`got ${token} back`]],
    ["a formatted message", () => ["got %s back", token]],
    ["an error's message and stack", () => [new Error(`refused:\n${token}`)]],
    ["a cause", () => [{ err: new Error("outer", { cause: new Error(token) }) }]],
    [
      "an error under another name",
      () => [{ failure: new AggregateError([new Error(token)], "all failed") }],
    ],
    ["a plain field", () => [{ note: token, list: [token] }]],
    ["an address", () => [{ url: `https://x-access-token:${token}@github.com/a/b.git` }]],
    ["a field's name", () => [{ [token]: 1 }]],
  ])("in %s", (_place, entry) => {
    // What matters is what comes out for any arguments at all, so they pass the types by.
    const output = logged((logger) => Reflect.apply(logger.error, logger, entry()));
    expect(output).not.toContain(token);
    expect(output).toContain("[redacted]");
  });
});

describe("secrets by place", () => {
  test.each([
    ["Bearer", `authorization: Bearer ${canary}`],
    ["a header in text", `Authorization: token ${canary}`],
    ["a callback's query", `GET /auth/github/callback?code=${canary}&state=${canary} 500`],
    ["a form's body", `client_id=abc&client_secret=${canary}&refresh_token=${canary}`],
    ["an address with a password", `connect postgres://nectr:${canary}@db:5432/nectr failed`],
    ["a password with an at sign", `connect redis://:p@${canary}@redis:6379 failed`],
    ["an address with a token for a user", `clone https://${canary}@github.com/a/b.git`],
    [
      "JSON inside of text",
      `answer: ${JSON.stringify({ access_token: canary, nested: { client_secret: canary } })}`,
    ],
    ["an inspected object", `{ headers: { authorization: 'token ${canary}', cookie: 'session=${canary}' } }`],
  ])("%s", (_name, text) => {
    const output = logged((logger) => {
      logger.info(text);
      logger.info({ text });
      logger.error(new Error(text, { cause: new Error(text) }));
      logger.child({ text }).warn("child");
    });
    expect(output).not.toContain(canary);
    expect(output).toContain("[redacted]");
  });

  test("an HTTP client's error, with its request and its answer", () => {
    const error = Object.assign(new Error("Request failed with status code 401"), {
      status: 401,
      request: {
        url: `https://api.github.com/user?access_token=${canary}`,
        headers: { authorization: `token ${canary}`, "user-agent": "nectr" },
        body: JSON.stringify({ client_secret: canary }),
      },
      response: {
        headers: { "set-cookie": [`session=${canary}`] },
        data: { refresh_token: canary, message: "Bad" },
      },
    });
    const output = logged((logger) => {
      logger.error(error);
      logger.error({ err: error, config: { auth: { username: "x", password: canary } } }, "failed");
    });
    expect(output).not.toContain(canary);
    expect(output).toContain("nectr");
    expect(output).toContain("status code 401");
  });

  test("a database error says what failed, and not with which values", () => {
    const error = Object.assign(new Error("unsupported Unicode escape sequence"), {
      code: "22P05",
      table: "reviews",
      detail: `Failing row contains (${canary})`,
      where: `JSON data, line 1: {"body":"${canary}`,
    });
    const output = logged((logger) => logger.error({ err: error }, "failed"));
    expect(output).not.toContain(canary);
    expect(output).toContain("22P05");
    expect(output).toContain("reviews");
  });

  test("ordinary text is left alone", () => {
    const text =
      "GET /repos/a/b/pulls?state=all&page=2 answered 200; code=E2 at http://localhost:8000/@octocat";
    expect(logged((logger) => logger.info({ text }, text))).toContain(`"text":"${text}"`);
  });
});

test("anything can be logged: cycles, deep and wide objects, bytes, big numbers", () => {
  const cycle: Record<string, unknown> = { big: 2n ** 70n, bytes: Buffer.alloc(10), when: new Date(0) };
  cycle["self"] = cycle;
  let deep: unknown = "bottom";
  for (let level = 0; level < 1000; level++) deep = { deep };
  const output = logged((logger) => {
    logger.info(cycle);
    logger.info({
      deep,
      wide: Array.from({ length: 10_000 }, (_, index) => index),
      long: "x".repeat(100_000),
    });
  });
  expect(output.length).toBeLessThan(12_000);
  for (const part of ["[circular]", "[10 bytes]", "1970-01-01", "[too deep]"]) expect(output).toContain(part);
});

describe("lines for a person", () => {
  test("one line an entry, with the error's stack and causes below", () => {
    const output = logged((logger) => {
      logger.info({ port: 8000, note: "two words" }, "listening");
      logger.error(new TypeError("outer", { cause: new Error("inner") }));
    }, true);
    const [first = "", ...rest] = output.split("\n");
    expect(first).toMatch(
      /^\d\d:\d\d:\d\d\.\d{3} {2}.*info.* {2}test {2}listening {2}port=8000 {2}note="two words"$/,
    );
    expect(rest.join("\n")).toMatch(/TypeError: outer\n\s+at [^]*caused by Error: inner\n\s+at /);
  });

  test("secrets stay out of them too", () => {
    const output = logged((logger) => logger.error({ password: canary }, `Bearer ${canary}`), true);
    expect(output).toContain("[redacted]");
    expect(output).not.toContain(canary);
  });
});
