import { Buffer } from "node:buffer";
import { describe, expect, test } from "vitest";
import {
  confirmingWrites,
  getPullRequest,
  GitHubForbidden,
  GitHubNotFound,
  GitHubRateLimited,
  GitHubUnauthorized,
  readTexts,
  unusedLimits,
  withSignal,
} from "../src/index.ts";
import {
  createScriptedGitHub,
  pullRequestJson,
  type Reply,
  type ScriptedGitHub,
  type SeenRequest,
  token,
} from "./scripted-github.ts";

const shop = { owner: "octocat", name: "shop" };
const head = "a".repeat(40);
const base = "b".repeat(40);
const raw = { "content-type": "application/vnd.github.raw+json; charset=utf-8" };
const notFound: Reply = { status: 404, json: { message: "Not Found" } };

interface Blob {
  text: string | null;
  isBinary: boolean | null;
  isTruncated: boolean;
  byteSize: number;
}

function blob(text: string, fields: Partial<Blob> = {}): Blob {
  return { text, isBinary: false, isTruncated: false, byteSize: Buffer.byteLength(text), ...fields };
}

interface Query {
  query: string;
  variables: Record<string, string>;
}

/** What a query's aliases stand for, out of what lies where; what is not there is null. */
function repositoryOf(
  { json }: SeenRequest,
  at: (expression: string) => object | null,
): Record<string, object | null> {
  const { owner: _owner, name: _name, ...expressions } = (json as Query).variables;
  return Object.fromEntries(
    Object.entries(expressions).map(([alias, expression]) => [alias, at(expression)]),
  );
}

/** A GitHub with these files at the head, where GraphQL and REST need not give the same. */
function githubWith(
  files: Record<string, object | null>,
  rest: Record<string, string> = {},
): Promise<ScriptedGitHub> {
  const at = (expression: string) =>
    expression.includes(":") ? (files[expression.slice(expression.indexOf(":") + 1)] ?? null) : { oid: "x" };
  return createScriptedGitHub((request) => {
    if (request.path === "/graphql") return { json: { data: { repository: repositoryOf(request, at) } } };
    const body = rest[decodeURIComponent(request.path.replace("/repos/octocat/shop/contents/", ""))];
    return body === undefined ? notFound : { body, headers: raw };
  });
}

const queriesTo = ({ requests }: ScriptedGitHub) => requests.filter(({ path }) => path === "/graphql");
const filesAskedOf = ({ requests }: ScriptedGitHub) =>
  requests.flatMap(({ path }) => /\/contents\/(.*)/.exec(path)?.[1] ?? []).sort();

describe("the texts of files", () => {
  test("of several commits come in one request", async () => {
    const at = (expression: string) => (expression.includes(":") ? blob(`of ${expression}\n`) : { oid: "x" });
    await using github = await createScriptedGitHub((request) => ({
      json: { data: { repository: repositoryOf(request, at) } },
    }));
    const paths = Array.from({ length: 10 }, (_, index) => `src/${index}.ts`);
    const texts = await readTexts(github.client(), shop, [
      { ref: head, paths },
      { ref: base, paths: [...paths, ".nectr.yml", ...paths] },
    ]);
    expect(texts.get(head)?.size).toBe(10);
    expect(texts.get(base)?.size).toBe(11);
    expect(texts.get(base)?.get("src/3.ts")).toBe(`of ${base}:src/3.ts\n`);
    expect(github.requests.map(({ method, path }) => [method, path])).toEqual([["POST", "/graphql"]]);
  });

  test("come fifty in a request where there are many", async () => {
    const paths = Array.from({ length: 220 }, (_, index) => `src/${index}.ts`);
    await using github = await githubWith(Object.fromEntries(paths.map((path) => [path, blob(`${path}\n`)])));
    const texts = await readTexts(github.client(), shop, [{ ref: head, paths }]);
    expect(texts.get(head)).toEqual(new Map(paths.map((path) => [path, `${path}\n`])));
    expect(github.requests).toHaveLength(5);
  });

  test("are asked for where an Enterprise server has GraphQL", async () => {
    await using github = await createScriptedGitHub((request) => ({
      json: { data: { repository: repositoryOf(request, () => blob("x\n")) } },
    }));
    const client = github.client({ apiUrl: `${github.url}/api/v3/` });
    await readTexts(client, shop, [{ ref: head, paths: ["a.ts"] }]);
    expect(github.requests.map(({ path }) => path)).toEqual(["/api/graphql"]);
  });

  test("are asked for in a query that nothing from outside is part of", async () => {
    await using github = await githubWith({});
    const path = `a") { id } } evil: viewer { login } #.ts`;
    await readTexts(github.client(), shop, [{ ref: head, paths: [path, "../x", "/etc/passwd", "", "a//b"] }]);
    const [asked] = queriesTo(github).map(({ json }) => json as Query);
    expect(asked?.query).not.toContain("evil");
    expect(Object.values(asked?.variables ?? {})).toEqual(["octocat", "shop", head, `${head}:${path}`]);
  });

  test("are absent where there is none to have, without a further request", async () => {
    await using github = await githubWith({
      "binary.png": blob("", { text: null, isBinary: true, byteSize: 9 }),
      "huge.json": blob("x\n", { byteSize: 1_000_001, isTruncated: true, isBinary: null }),
      "model.bin": blob("version https://git-lfs.github.com/spec/v1\noid sha256:1\nsize 2\n"),
      "late-nul.txt": blob("text\n\0"),
      folder: {},
      gone: null,
      "empty.ts": blob(""),
    });
    const paths = ["binary.png", "huge.json", "model.bin", "late-nul.txt", "folder", "gone", "empty.ts"];
    const texts = await readTexts(github.client(), shop, [{ ref: head, paths }]);
    expect(texts).toEqual(new Map([[head, new Map([["empty.ts", ""]])]]));
    expect(github.requests).toHaveLength(1);
  });

  test("are read one by one where GraphQL's are not certain to be the file's", async () => {
    await using github = await githubWith(
      {
        "long.ts": blob("start", { byteSize: 600_000, isTruncated: true, isBinary: null }),
        "cut.ts": blob("cut\n", { isTruncated: true }),
        "latin.txt": blob("für\n", { byteSize: 4 }),
        "broken.txt": blob("a\ufffdb\n"),
        "AGENTS.md": blob("docs/agents.md"),
        "fine.ts": blob("fine\n"),
      },
      { "long.ts": "start and end\n", "AGENTS.md": "Be kind.\n", "broken.txt": "a\ufffdb\n" },
    );
    const paths = ["long.ts", "cut.ts", "latin.txt", "broken.txt", "AGENTS.md", "fine.ts"];
    const texts = await readTexts(github.client(), shop, [{ ref: head, paths }]);
    expect(Object.fromEntries(texts.get(head) ?? [])).toEqual({
      "long.ts": "start and end\n",
      "broken.txt": "a\ufffdb\n",
      "AGENTS.md": "Be kind.\n",
      "fine.ts": "fine\n",
    });
    expect(filesAskedOf(github)).toEqual(["AGENTS.md", "broken.txt", "cut.ts", "latin.txt", "long.ts"]);
  });
});

describe("a query that is answered in part", () => {
  test.each([
    ["says which file failed", [{ path: ["repository", "b1"], message: "Something went wrong" }], ["two.ts"]],
    ["does not", [{ type: "RESOURCE_LIMITS_EXCEEDED", message: "Too much" }], ["two.ts"]],
  ])("has what failed read by itself where it %s", async (_name, errors, asked) => {
    await using github = await createScriptedGitHub((request) => {
      if (request.path !== "/graphql") return { body: "two\n", headers: raw };
      const repository = { c0: { oid: head }, b0: blob("one\n"), b1: null };
      return { json: { data: { repository }, errors } };
    });
    const texts = await readTexts(github.client(), shop, [{ ref: head, paths: ["one.ts", "two.ts"] }]);
    expect([...(texts.get(head) ?? [])]).toEqual([
      ["one.ts", "one\n"],
      ["two.ts", "two\n"],
    ]);
    expect(filesAskedOf(github)).toEqual(asked);
  });

  test("leaves out a commit of which GitHub shows nothing, so that nobody takes its files for absent", async () => {
    await using github = await createScriptedGitHub((request) => {
      const at = (expression: string) =>
        expression.startsWith(head) ? null : expression.includes(":") ? null : { oid: base };
      return request.path === "/graphql"
        ? { json: { data: { repository: repositoryOf(request, at) } } }
        : notFound;
    });
    const texts = await readTexts(github.client(), shop, [
      { ref: head, paths: ["a.ts"] },
      { ref: base, paths: ["a.ts"] },
    ]);
    expect(texts).toEqual(new Map([[base, new Map()]]));
    expect(filesAskedOf(github)).toEqual(["a.ts"]);
  });
});

describe("where a query is refused", () => {
  const everywhere = (graphql: Reply) =>
    createScriptedGitHub(({ path }) => (path === "/graphql" ? graphql : { body: `${path}\n`, headers: raw }));
  const paths = Array.from({ length: 250 }, (_, index) => `${index}.ts`);

  test("for want of GraphQL, all files are read one by one", async () => {
    await using github = await everywhere(notFound);
    const texts = await readTexts(github.client(), shop, [{ ref: head, paths }]);
    expect(texts.get(head)?.size).toBe(250);
    // Those that were under way together.
    expect(queriesTo(github)).toHaveLength(3);
  });

  test("for its time, the next one is asked all the same", async () => {
    const slow = { message: "Something went wrong while executing your query." };
    await using github = await everywhere({ json: { data: null, errors: [slow] } });
    const texts = await readTexts(github.client(), shop, [{ ref: head, paths }]);
    expect(texts.get(head)?.size).toBe(250);
    expect(queriesTo(github)).toHaveLength(5);
  });

  test.each<[string, Reply]>([
    ["for its size or for an outage", { status: 502, body: "<html>" }],
    ["since the server does not know a field", { json: { errors: [{ message: "Field 'object'" }] } }],
    ["by an answer that is none", { body: "<html>", headers: { "content-type": "text/html" } }],
  ])("%s, its files are read one by one", async (_name, reply) => {
    await using github = await everywhere(reply);
    const texts = await readTexts(github.client(), shop, [{ ref: head, paths: ["a.ts", "b.ts"] }]);
    expect([...(texts.get(head)?.keys() ?? [])].sort()).toEqual(["a.ts", "b.ts"]);
  });

  test("since GitHub shows no such repository, that is told, and never that its files are absent", async () => {
    await using github = await everywhere({
      json: {
        data: { repository: null },
        errors: [{ type: "NOT_FOUND", path: ["repository"], message: "Could not resolve to a Repository" }],
      },
    });
    const reading = readTexts(github.client(), shop, [{ ref: head, paths: ["a.ts"] }]);
    await expect(reading).rejects.toBeInstanceOf(GitHubNotFound);
    expect(github.requests).toHaveLength(1);
  });

  test("since an organization keeps the token out, REST has the last word", async () => {
    await using github = await createScriptedGitHub(({ path }) =>
      path === "/graphql"
        ? { json: { data: { repository: null }, errors: [{ type: "FORBIDDEN", path: ["repository"] }] } }
        : { status: 403, json: { message: "Resource protected by organization SAML enforcement." } },
    );
    const reading = readTexts(github.client(), shop, [{ ref: head, paths: ["a.ts"] }]);
    await expect(reading).rejects.toBeInstanceOf(GitHubForbidden);
  });

  test("with the token, that is told, without the token", async () => {
    await using github = await everywhere({ status: 401, json: { message: `Bad credentials ${token}` } });
    const reading = readTexts(github.client(), shop, [{ ref: head, paths: ["a.ts"] }]);
    const error: unknown = await reading.catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(GitHubUnauthorized);
    expect(String(error)).not.toContain(token);
  });
});

describe("GraphQL's limits", () => {
  const reset = Math.floor(Date.now() / 1000) + 1800;
  const graphql = { "x-ratelimit-resource": "graphql", "x-ratelimit-reset": String(reset) };
  const usedUp = { errors: [{ type: "RATE_LIMIT", code: "graphql_rate_limit", message: "exceeded" }] };

  const read = (client: ReturnType<ScriptedGitHub["client"]>) =>
    readTexts(client, shop, [{ ref: head, paths: ["a.ts"] }]);

  test.each([{ "x-ratelimit-remaining": "0" }, { "x-ratelimit-remaining": "4000" }])(
    "end with the reset when they are met, and keep no other request back (%j)",
    async (remaining) => {
      await using github = await createScriptedGitHub(({ path }) =>
        path === "/graphql"
          ? { headers: { ...graphql, ...remaining }, json: usedUp }
          : { json: pullRequestJson() },
      );
      const client = github.client();
      const error: unknown = await read(client).catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(GitHubRateLimited);
      expect((error as GitHubRateLimited).retryAt.getTime()).toBeGreaterThanOrEqual(reset * 1000);
      expect(github.requests).toHaveLength(1);
      expect(await getPullRequest(client, shop, 7)).toMatchObject({ number: 7 });
    },
  );

  test("do not keep others back when the last point is spent", async () => {
    const headers = { ...graphql, "x-ratelimit-remaining": "0" };
    await using github = await createScriptedGitHub((request) =>
      request.path === "/graphql"
        ? { headers, json: { data: { repository: repositoryOf(request, () => blob("x\n")) } } }
        : { json: pullRequestJson() },
    );
    const client = github.client();
    await read(client);
    expect(await getPullRequest(client, shop, 7)).toMatchObject({ number: 7 });
  });

  test("of too many requests at once hold for all that the user asks", async () => {
    const json = { errors: [{ message: "You have exceeded a secondary rate limit." }] };
    await using github = await createScriptedGitHub(() => ({
      headers: { ...graphql, "retry-after": "30" },
      json,
    }));
    const client = github.client();
    const error: unknown = await read(client).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(GitHubRateLimited);
    expect((error as GitHubRateLimited).retryAt.getTime()).toBeGreaterThan(Date.now() + 25_000);
    await expect(getPullRequest(client, shop, 7)).rejects.toBeInstanceOf(GitHubRateLimited);
    expect(github.requests).toHaveLength(1);
  });
});

test("a query is a read: it waits for no write, needs no confirmation, and can be given up", async () => {
  await using github = await githubWith({ "a.ts": blob("x\n") });
  const inAnHour = Date.now() + 3_600_000;
  let state = { ...unusedLimits, nextWriteAt: inAnHour, writesWholeAt: inAnHour };
  const limits = {
    async update<T>(change: (before: typeof state, now: number) => { state: typeof state; result: T }) {
      const changed = change(state, Date.now());
      state = changed.state;
      return changed.result;
    },
  };
  const client = github.client({ pace: "github", limits, userId: "a-reader" });
  const confirming = confirmingWrites(client, () => Promise.reject(new Error("not to be asked")));
  const texts = await readTexts(confirming, shop, [{ ref: head, paths: ["a.ts"] }]);
  expect(texts.get(head)?.get("a.ts")).toBe("x\n");
  expect(state.pointsWholeAt).toBeGreaterThan(0);

  const reason = new Error("no longer wanted");
  const given = withSignal(client, AbortSignal.abort(reason));
  await expect(readTexts(given, shop, [{ ref: head, paths: ["a.ts"] }])).rejects.toBe(reason);
});
