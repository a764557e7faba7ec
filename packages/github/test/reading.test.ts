import { describe, expect, test } from "vitest";
import {
  createPullRequestStates,
  getFileContent,
  getPrimaryEmail,
  getPullRequest,
  getPullRequestDiff,
  listIssues,
  listPullRequestFiles,
  listRepositories,
  withSignal,
} from "../src/index.ts";
import { createScriptedGitHub, pullRequestJson, type Reply, type SeenRequest } from "./scripted-github.ts";

const shop = { owner: "octocat", name: "shop" };

/** One page of a list as GitHub cuts it, with its Link header. */
function pageOf(items: readonly unknown[], { query, path }: SeenRequest): Reply & { json: unknown[] } {
  const size = Number(query.get("per_page") ?? 30);
  const page = Number(query.get("page") ?? 1);
  const more = page * size < items.length;
  const link = `<http://github.example${path}?page=${page + 1}>; rel="next", <http://github.example${path}>; rel="first"`;
  return { json: items.slice((page - 1) * size, page * size), headers: more ? { link } : {} };
}

describe("a pull request", () => {
  test("in our words", async () => {
    await using github = await createScriptedGitHub(() => ({
      json: pullRequestJson({ labels: [{ name: "shop" }] }),
    }));
    expect(await getPullRequest(github.client(), shop, 7)).toEqual({
      number: 7,
      title: "Add a till",
      body: "",
      state: "open",
      draft: false,
      merged: false,
      locked: false,
      author: { login: "mona", id: 2, type: "User" },
      head: { sha: "a".repeat(40), ref: "till", repositoryId: 11, fork: false },
      base: { sha: "b".repeat(40), ref: "main" },
      repositoryId: 11,
      fullName: "octocat/shop",
      private: true,
      labels: ["shop"],
      additions: 3,
      deletions: 1,
      changedFiles: 2,
      url: "https://github.example/octocat/shop/pull/7",
      updatedAt: new Date("2026-01-02T03:04:05Z"),
    });
  });

  test("of a fork, of a deleted fork, of a deleted account", async () => {
    const heads = [
      { sha: "a", ref: "x", repo: { id: 12 } },
      { sha: "a", ref: "x", repo: null },
    ];
    await using github = await createScriptedGitHub(() => ({
      json: pullRequestJson({ head: heads.shift(), user: null }),
    }));
    const client = github.client();
    expect(await getPullRequest(client, shop, 7)).toMatchObject({
      head: { repositoryId: 12, fork: true },
      author: { login: "ghost" },
    });
    expect(await getPullRequest(client, shop, 7)).toMatchObject({ head: { repositoryId: null, fork: true } });
  });

  test("whose diff is too large has none", async () => {
    await using github = await createScriptedGitHub(() => ({
      status: 406,
      json: { message: "Sorry, the diff exceeded" },
    }));
    expect(await getPullRequestDiff(github.client(), shop, 7)).toBeUndefined();
  });

  test("whose diff is asked for in the diff's own media type, every character kept", async () => {
    const diff = 'diff --git "a/\\303\\244" b/x\r\n+\u00e4\u{1f600}\n';
    await using github = await createScriptedGitHub(({ headers }) => ({
      body: headers.accept === "application/vnd.github.diff" ? diff : "",
      headers: { "content-type": "application/vnd.github.diff; charset=utf-8" },
    }));
    expect(await getPullRequestDiff(github.client(), shop, 7)).toBe(diff);
  });
});

interface File {
  filename: string;
  previous_filename?: string;
  status: string;
  additions: number;
  deletions: number;
  changes: number;
  patch?: string;
  sha: string;
}

function file(index: number, lines: number, fields: Partial<File> = {}): File {
  const text = { patch: `@@ -0,0 +1,${lines} @@\n+x` };
  return {
    filename: `src/file-${index}.ts`,
    status: "added",
    additions: lines,
    deletions: 0,
    changes: lines,
    sha: "c".repeat(40),
    ...(lines > 0 && text),
    ...fields,
  };
}

/** GitHub's rule: in each page, what comes after 20,000 lines is listed without lines and patch. */
function filesPage(files: readonly File[], request: SeenRequest): Reply {
  const page = pageOf(files, request);
  let lines = 0;
  const json = (page.json as File[]).map(({ patch, ...entry }) => {
    lines += entry.changes;
    if (lines <= 20_000) return { ...entry, ...(patch !== undefined && { patch }) };
    return { ...entry, additions: 0, deletions: 0, changes: 0 };
  });
  return { ...page, json };
}

describe("the files of a pull request", () => {
  test("over several pages, renamed and binary ones among them, in one request a page", async () => {
    const files = Array.from({ length: 205 }, (_, index) => file(index, 2));
    files[3] = file(3, 0, { status: "renamed", previous_filename: "src/old.ts" });
    files[204] = file(204, 0, { filename: "logo.png" });
    await using github = await createScriptedGitHub((request) => filesPage(files, request));
    const listed = await listPullRequestFiles(github.client(), shop, 7);
    expect(listed.map(({ path }) => path)).toEqual(files.map(({ filename }) => filename));
    expect(listed[3]).toEqual({
      path: "src/file-3.ts",
      previousPath: "src/old.ts",
      status: "renamed",
      additions: 0,
      deletions: 0,
      sha: "c".repeat(40),
    });
    expect(listed[204]).not.toHaveProperty("patch");
    expect(github.requests).toHaveLength(3);
  });

  test("are whole where a long page was cut short", async () => {
    // 150 files of 900 lines: the first page is cut after 22 of them, and each ten hold 9,000.
    const files = Array.from({ length: 150 }, (_, index) => file(index, 900));
    await using github = await createScriptedGitHub((request) => filesPage(files, request));
    const listed = await listPullRequestFiles(github.client(), shop, 7);
    expect(listed.map(({ path, additions, patch }) => [path, additions, patch])).toEqual(
      files.map(({ filename, additions, patch }) => [filename, additions, patch]),
    );
    expect(github.requests.length).toBeLessThanOrEqual(2 + 8 + 4);
  });

  test("are whole down to pages of one, and images after heavy files stay images", async () => {
    // Of the first ten only three fit a page of ten.
    const files = Array.from({ length: 40 }, (_, index) => file(index, index < 12 ? 6000 : 0));
    await using github = await createScriptedGitHub((request) => filesPage(files, request));
    const listed = await listPullRequestFiles(github.client(), shop, 7);
    expect(listed.map(({ path, additions }) => [path, additions])).toEqual(
      files.map(({ filename, additions }) => [filename, additions]),
    );
    expect(github.requests.length).toBeLessThan(30);
  });

  test("end at the 3,000 that GitHub lists", async () => {
    const files = Array.from({ length: 3100 }, (_, index) => file(index, 1));
    await using github = await createScriptedGitHub((request) => filesPage(files, request));
    expect(await listPullRequestFiles(github.client(), shop, 7)).toHaveLength(3000);
    expect(github.requests).toHaveLength(30);
  });
});

describe("the content of a file", () => {
  const raw = { "content-type": "application/vnd.github.raw+json; charset=utf-8" };

  test.each([
    "src/a b.ts",
    "src/c#.ts",
    "what?.md",
    "100%/%2e.ts",
    "träger/ü+&=.ts",
    "{braces}/[x].tsx",
    "日本/テスト.ts",
  ])("is found at %s", async (path) => {
    await using github = await createScriptedGitHub((request) => ({ body: request.path, headers: raw }));
    await getFileContent(github.client(), shop, path, "feature/x?y#z");
    const [request] = github.requests;
    const prefix = "/repos/octocat/shop/contents/";
    expect(request?.path.startsWith(prefix)).toBe(true);
    expect(request?.path.slice(prefix.length).split("/").map(decodeURIComponent).join("/")).toBe(path);
    expect(request?.query.get("ref")).toBe("feature/x?y#z");
  });

  test.each(["../../../user", "src/../../x", "./x", "/etc/passwd", "a//b", "", "dir/", "\ud800"])(
    "is never asked for at %j, which git cannot hold",
    async (path) => {
      await using github = await createScriptedGitHub(() => ({ body: "secret", headers: raw }));
      expect(await getFileContent(github.client(), shop, path, "main")).toBeUndefined();
      expect(github.requests).toEqual([]);
    },
  );

  test("is every character of a text, a byte order mark and JSON included", async () => {
    for (const text of ["\ufeffconst x = 1;\r\n", '{"a": 1}', "", "x".repeat(1_000_000), "\ufffd"]) {
      await using github = await createScriptedGitHub(() => ({ body: text, headers: raw }));
      expect(await getFileContent(github.client(), shop, "a.ts", "main")).toBe(text);
    }
  });

  test.each<[string, Reply]>([
    ["an absent file", { status: 404, json: { message: "Not Found" } }],
    ["a directory", { json: [{ name: "a.ts", type: "file" }] }],
    ["a submodule", { json: { type: "submodule", submodule_git_url: "x" } }],
    ["a binary file", { body: new Uint8Array([1, 0, 2]), headers: raw }],
    ["a file that is not UTF-8", { body: new Uint8Array([0x66, 0xfc, 0x72]), headers: raw }],
    ["a file of over 1 MB", { body: "x".repeat(1_000_001), headers: raw }],
    [
      "a file over GitHub's own limit",
      {
        status: 403,
        json: {
          message: "This API returns blobs up to 100 MB in size.",
          errors: [{ resource: "Blob", field: "data", code: "too_large" }],
        },
      },
    ],
  ])("is undefined for %s", async (_name, reply) => {
    await using github = await createScriptedGitHub(() => reply);
    expect(await getFileContent(github.client(), shop, "a.ts", "main")).toBeUndefined();
    expect(github.requests).toHaveLength(1);
  });
});

describe("issues", () => {
  function issue(number: number, fields: Record<string, unknown> = {}) {
    return {
      number,
      title: `Issue ${number}`,
      body: null,
      state: "open",
      user: { login: "mona", id: 2, type: "User" },
      labels: ["a", { name: "b" }, { name: null }],
      html_url: `https://github.example/${number}`,
      updated_at: "2026-01-02T03:04:05Z",
      ...fields,
    };
  }

  test("come without pull requests, over all pages", async () => {
    const items = Array.from({ length: 130 }, (_, i) =>
      issue(i + 1, i % 2 === 0 ? { pull_request: { url: "x" } } : {}),
    );
    await using github = await createScriptedGitHub((request) => pageOf(items, request));
    const issues = await listIssues(github.client(), shop, { state: "all" });
    expect(issues.map(({ number }) => number)).toEqual(Array.from({ length: 65 }, (_, i) => 2 * i + 2));
    expect(issues[0]?.labels).toEqual(["a", "b"]);
    expect(github.requests.map(({ query }) => query.get("state"))).toEqual(["all", "all"]);
  });
});

describe("states of pull requests", () => {
  test("are remembered for 60 s while open and 300 s once closed, each user's apart", async () => {
    let now = 1000;
    let json = pullRequestJson();
    await using github = await createScriptedGitHub(() => ({ json }));
    const states = createPullRequestStates({ now: () => now });
    const client = github.client();
    const state = () => states.get(client, shop, 7);

    expect(await state()).toEqual({ number: 7, state: "open", draft: false, headSha: "a".repeat(40) });
    now += 59_000;
    await states.get(client, { owner: "OctoCat", name: "Shop" }, 7);
    expect(github.requests).toHaveLength(1);

    json = pullRequestJson({ state: "closed", merged: true });
    now += 1_001;
    expect(await state()).toMatchObject({ state: "merged" });
    now += 299_000;
    await state();
    expect(github.requests).toHaveLength(2);
    await states.get(github.client({ userId: "2" }), shop, 7);
    expect(github.requests).toHaveLength(3);
    now += 1_001;
    await state();
    expect(github.requests).toHaveLength(4);
    states.forget(shop, 7);
    await state();
    expect(github.requests).toHaveLength(5);
  });

  test("are asked for once by many at a time, and an error is shared but not remembered", async () => {
    const replies: Reply[] = [{ status: 404, json: { message: "Not Found" } }];
    await using github = await createScriptedGitHub(() => replies.shift() ?? { json: pullRequestJson() });
    const states = createPullRequestStates();
    const client = github.client();
    const refused = await Promise.allSettled([states.get(client, shop, 7), states.get(client, shop, 7)]);
    expect(refused.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
    await Promise.all([states.get(client, shop, 7), states.get(client, shop, 7)]);
    expect(github.requests).toHaveLength(2);
  });

  test("an asker who gives up takes the answer from nobody", async () => {
    const controller = new AbortController();
    await using github = await createScriptedGitHub(() => {
      controller.abort();
      return { json: pullRequestJson() };
    });
    const states = createPullRequestStates();
    const first = states.get(withSignal(github.client(), controller.signal), shop, 7);
    const second = states.get(github.client(), shop, 7);
    expect(await Promise.all([first, second])).toHaveLength(2);
    expect(github.requests).toHaveLength(1);
  });

  test("an answer that was under way when a change was told of is not kept", async () => {
    const arrived = Promise.withResolvers<void>();
    const release = Promise.withResolvers<void>();
    await using github = await createScriptedGitHub(async () => {
      arrived.resolve();
      await release.promise;
      return { json: pullRequestJson() };
    });
    const states = createPullRequestStates();
    const client = github.client();
    const early = states.get(client, shop, 7);
    await arrived.promise;
    states.forget(shop, 7);
    release.resolve();
    await early;
    await states.get(client, shop, 7);
    expect(github.requests).toHaveLength(2);
  });

  test("no more than 500 are kept", async () => {
    await using github = await createScriptedGitHub(({ path }) => ({
      json: pullRequestJson({ number: Number(path.split("/").at(-1)) }),
    }));
    const states = createPullRequestStates();
    const client = github.client();
    for (let from = 1; from <= 501; from += 50) {
      const numbers = Array.from({ length: Math.min(50, 502 - from) }, (_, index) => from + index);
      await Promise.all(numbers.map((number) => states.get(client, shop, number)));
    }
    expect(github.requests).toHaveLength(501);
    await states.get(client, shop, 501);
    expect(github.requests).toHaveLength(501);
    const first = github.requests.length;
    await states.get(client, shop, 1);
    expect(github.requests).toHaveLength(first + 1);
  });
});

describe("accounts", () => {
  test("the verified primary address, or none where the token may not read it", async () => {
    const replies: Reply[] = [
      {
        json: [
          { email: "old@example.org", primary: false, verified: true },
          { email: "mona@example.org", primary: true, verified: true },
        ],
      },
      { json: [{ email: "mona@example.org", primary: true, verified: false }] },
      { status: 404, json: { message: "Not Found" } },
      { status: 403, json: { message: "Resource not accessible by personal access token" } },
    ];
    await using github = await createScriptedGitHub(() => replies.shift() ?? { status: 500 });
    const client = github.client();
    expect(await getPrimaryEmail(client)).toBe("mona@example.org");
    for (let i = 0; i < 3; i += 1) expect(await getPrimaryEmail(client)).toBeUndefined();
  });

  test("a page of repositories with what the user may do", async () => {
    await using github = await createScriptedGitHub(() => ({
      json: [
        {
          id: 11,
          full_name: "octocat/shop",
          owner: { login: "octocat" },
          name: "shop",
          private: true,
          archived: false,
          default_branch: "main",
          permissions: { admin: true, maintain: true, push: true, triage: true, pull: true },
          html_url: "https://github.example/octocat/shop",
        },
      ],
    }));
    expect(await listRepositories(github.client(), { page: 3 })).toEqual([
      {
        id: 11,
        fullName: "octocat/shop",
        owner: "octocat",
        name: "shop",
        private: true,
        archived: false,
        defaultBranch: "main",
        permissions: { admin: true, push: true, pull: true },
        url: "https://github.example/octocat/shop",
      },
    ]);
    expect(github.requests[0]?.query.get("page")).toBe("3");
  });
});
