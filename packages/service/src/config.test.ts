import { randomBytes } from "node:crypto";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { ConfigError, defaultsTo, parseConfig, parsedWith, type Environment } from "./config.ts";
import { addressConfig, commonConfig, githubConfig, modelConfig, wholeNumber } from "./settings.ts";

const newKey = () => `${randomBytes(32).toString("base64url")}=`;
const good = { PORT: "8000", DATABASE_URL: "postgres://nectr@localhost:5432/nectr", SECRET_KEY: newKey() };
const everything = { ...commonConfig, ...addressConfig, ...githubConfig, ...modelConfig };

function problemsOf(environment: Environment, shape: z.ZodRawShape = everything): string[] {
  try {
    parseConfig(shape, environment);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems.map(({ name }) => name).sort();
    throw error;
  }
  return [];
}

describe("parseConfig", () => {
  test("gives typed values and defaults, and ignores variables that are not asked for", () => {
    expect(parseConfig(everything, { ...good, UNRELATED: "x" })).toEqual({
      APP_ENV: "development",
      LOG_LEVEL: "info",
      PORT: 8000,
      HOST: "127.0.0.1",
      DATABASE_URL: good.DATABASE_URL,
      SECRET_KEY: good.SECRET_KEY,
      BACKEND_URL: "http://localhost:8000",
      WEBHOOK_URL: "http://localhost:8000",
      FRONTEND_URL: "http://localhost:8000",
      GITHUB_URL: "https://github.com",
      GITHUB_API_URL: "https://api.github.com",
      PARALLEL_REVIEW_AGENTS: false,
    });
  });

  test("names every problem in one message, and says what to do", () => {
    const environment = {
      PORT: "eighty",
      APP_ENV: "staging",
      BACKEND_URL: "nectr.example.com",
      GITHUB_CLIENT_ID: "id",
    };
    expect(() => parseConfig(everything, environment)).toThrowError(
      expect.objectContaining({
        message: [
          "The configuration has 6 problems:",
          "  APP_ENV cannot be used. Set it to development, production or test",
          "  PORT cannot be used. Set it to a port from 1 to 65535, or 0 for any free one",
          "  DATABASE_URL is not set. Set it to PostgreSQL's address, such as postgres://nectr@localhost:5432/nectr",
          `  SECRET_KEY is not set. Set it to ${commonConfig.SECRET_KEY.description}`,
          "  BACKEND_URL cannot be used. Set it to an address such as https://nectr.example.com",
          "  GITHUB_CLIENT_SECRET is not set, but GITHUB_CLIENT_ID is: set both or neither",
        ].join("\n"),
      }),
    );
  });

  test("counts an empty value as unset, and drops the spaces around one", () => {
    const config = parseConfig(everything, {
      ...good,
      REDIS_URL: " ",
      LOG_LEVEL: "",
      PORT: " 8001 ",
      GITHUB_PAT: "",
    });
    expect(config).toMatchObject({ LOG_LEVEL: "info", PORT: 8001 });
    expect(config.REDIS_URL).toBeUndefined();
    expect(config.GITHUB_PAT).toBeUndefined();
  });

  test("takes an unset address from BACKEND_URL, without the slash at its end", () => {
    const config = parseConfig(everything, {
      ...good,
      BACKEND_URL: "https://nectr.example.com/",
      FRONTEND_URL: "https://app.example.com",
    });
    expect(config.WEBHOOK_URL).toBe("https://nectr.example.com");
    expect(config.FRONTEND_URL).toBe("https://app.example.com");
  });

  test("requires SECRET_KEY: nothing is stored in the clear", () => {
    expect(problemsOf({ ...good, SECRET_KEY: "" })).toEqual(["SECRET_KEY"]);
    expect(problemsOf({ ...good, SECRET_KEY: `${newKey()},${newKey()}` })).toEqual([]);
  });

  describe("of what is parsed further", () => {
    const list = (text: string) => {
      if (text.endsWith(",")) throw new RangeError("The last item is empty.");
      return text.split(",");
    };
    const shape = { LIST: parsedWith(z.string().describe("a list, such as a,b"), list) };

    test("gives what the parser makes of it", () => {
      expect(parseConfig(shape, { LIST: "a,b" }).LIST).toEqual(["a", "b"]);
    });

    test("says what the parser says, among the other problems", () => {
      expect(() => parseConfig({ ...shape, PORT: commonConfig.PORT }, { LIST: "a," })).toThrow(
        "2 problems:\n  LIST cannot be used: The last item is empty.\n  PORT is not set. Set it to a port",
      );
    });

    test("says what to set where nothing is", () => {
      expect(() => parseConfig(shape, {})).toThrow("LIST is not set. Set it to a list, such as a,b");
    });

    test("takes an unset one from the variable it defaults to", () => {
      const related = { NAMES: parsedWith(defaultsTo("LIST", z.string()), list) };
      expect(parseConfig(related, { LIST: "a" }).NAMES).toEqual(["a"]);
    });
  });

  test.each([
    ["PORT", "65536"],
    ["PORT", "-1"],
    ["PORT", "80.5"],
    ["DATABASE_URL", "mysql://localhost/nectr"],
    ["REDIS_URL", "localhost:6379"],
    ["GITHUB_API_URL", "ftp://example.com"],
    ["OPENAI_BASE_URL", "ollama"],
  ])("refuses %s=%s", (name, value) => {
    expect(problemsOf({ ...good, OPENAI_MODEL: "m", [name]: value })).toEqual([name]);
  });

  test("wants a model's name with the address of a server, and a key with Anthropic's", () => {
    expect(problemsOf({ ...good, OPENAI_BASE_URL: "http://localhost:11434/v1" })).toEqual(["OPENAI_MODEL"]);
    expect(problemsOf({ ...good, ANTHROPIC_BASE_URL: "http://localhost:9000" })).toEqual([
      "ANTHROPIC_API_KEY",
    ]);
  });

  test("never repeats a value, whichever variable holds it", () => {
    const shape = {
      ...everything,
      SECRET_KEY: parsedWith(commonConfig.SECRET_KEY, () => {
        throw new Error("no key");
      }),
      LIMIT: wholeNumber(1, 9),
      MODE: z.enum(["a", "b"]),
      SHORT: z.string().max(3),
    };
    const names = Object.keys(shape).filter((name) => name !== "APP_ENV");
    const canary = () => `canary-${randomBytes(8).toString("hex")}`;
    const environment = Object.fromEntries(names.map((name) => [name, canary()]));
    const message = String(errorOf(() => parseConfig(shape, environment)));
    expect(message).toContain("SECRET_KEY");
    expect(message).not.toContain("canary");
  });
});

function errorOf(action: () => unknown): unknown {
  try {
    return action();
  } catch (error) {
    return error;
  }
}
