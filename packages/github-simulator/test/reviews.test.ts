import { expect, test } from "vitest";
import { contentOf, idOf, listOf, openShop } from "./world.ts";

const base = "/repos/octocat/shop/pulls/1";
const inline = (line: number, extra: object = {}) => ({
  path: "src/a.txt",
  line,
  side: "RIGHT",
  body: "Look",
  ...extra,
});

/** What GitHub says of a review with these comments; undefined where it takes it. */
const cases: [name: string, comments: object[], error: string | undefined][] = [
  ["an added line", [inline(3)], undefined],
  ["a context line", [inline(6)], undefined],
  ["a removed line", [inline(3, { side: "LEFT" })], undefined],
  ["a range within a hunk", [inline(5, { start_line: 2, start_side: "RIGHT" })], undefined],
  ["a range from left to right", [inline(3, { start_line: 3, start_side: "LEFT" })], undefined],
  ["a diff position", [{ path: "src/a.txt", position: 4, body: "Look" }], undefined],
  [
    "a line between the hunks",
    [inline(10)],
    "Pull request review thread line must be part of the diff and Pull request review thread diff hunk can't be blank",
  ],
  [
    "a range around a line between the hunks",
    [inline(10, { start_line: 9, start_side: "RIGHT" })],
    "Pull request review thread line must be part of the diff, Pull request review thread start line must be " +
      "part of the same hunk as the line., and Pull request review thread diff hunk can't be blank",
  ],
  [
    "a range over two hunks",
    [inline(18, { start_line: 3, start_side: "RIGHT" })],
    "Pull request review thread start line must be part of the same hunk as the line.",
  ],
  [
    "a range of one line",
    [inline(3, { start_line: 3, start_side: "RIGHT" })],
    "Pull request review thread start line must precede the end line.",
  ],
  [
    "a file that did not change",
    [{ ...inline(1), path: "README.md" }],
    "Pull request review thread path is invalid and Pull request review thread diff hunk can't be blank",
  ],
  [
    "a binary file",
    [{ ...inline(1), path: "image.bin" }],
    "Pull request review thread line must be part of the diff and Pull request review thread diff hunk can't be blank",
  ],
  [
    "two bad lines and a good one",
    [inline(3), inline(10), inline(11)],
    "Review comments is invalid and Review threads is invalid",
  ],
];

test("an inline comment is judged by git's diff, and a review is taken whole or not at all", async () => {
  await using shop = await openShop();
  for (const [name, comments, error] of cases) {
    const before = shop.simulator.reviews("octocat/shop", 1).length;
    const answer = await shop.octocat("POST", `${base}/reviews`, {
      body: { event: "COMMENT", body: "See", comments },
    });
    const after = shop.simulator.reviews("octocat/shop", 1).length;
    expect([name, answer.status]).toEqual([name, error ? 422 : 200]);
    if (error) expect([name, answer.json]).toMatchObject([name, { errors: [error] }]);
    expect([name, after - before]).toEqual([name, error ? 0 : 1]);
  }
  expect(shop.simulator.violations()).toEqual([]);
  const [shown] = listOf(await shop.octocat("GET", `${base}/comments`));
  expect(shown).toMatchObject({
    path: "src/a.txt",
    line: 3,
    side: "RIGHT",
    position: 4,
    start_line: null,
    diff_hunk: "@@ -1,6 +1,6 @@\n line 1\n line 2\n-line 3\n+line three",
  });
});

test("nobody approves or blocks their own pull request", async () => {
  await using shop = await openShop();
  const post = (event: string) => shop.hubot("POST", `${base}/reviews`, { body: { event, body: "Mine" } });
  expect((await post("APPROVE")).json).toMatchObject({
    message: "Unprocessable Entity",
    errors: ["Can not approve your own pull request"],
  });
  expect((await post("REQUEST_CHANGES")).json).toMatchObject({
    errors: ["Can not request changes on your own pull request"],
  });
  expect((await post("COMMENT")).json).toMatchObject({ state: "COMMENTED" });
});

test("a verdict is dismissed once, by anybody with write access; a comment has none", async () => {
  await using shop = await openShop();
  const { octocat, hubot, stranger } = shop;
  const body = { message: "Mended", event: "DISMISS" };
  const path = async (event: string) => {
    const posted = await octocat("POST", `${base}/reviews`, { body: { event, body: "Mine" } });
    return `${base}/reviews/${idOf(posted)}/dismissals`;
  };
  const blocking = await path("REQUEST_CHANGES");
  expect((await stranger("PUT", blocking, { body })).status).toBe(404);
  expect((await hubot("PUT", blocking, { body })).json).toMatchObject({ state: "DISMISSED", body: "Mine" });
  expect((await hubot("PUT", blocking, { body })).json).toMatchObject({
    errors: ["Can not dismiss a dismissed pull request review"],
  });
  expect((await hubot("PUT", await path("COMMENT"), { body })).json).toMatchObject({
    errors: ["Can not dismiss a commented pull request review"],
  });
  expect(shop.simulator.violations()).toEqual([]);
});

test("a pending review is its author's alone, the only one, and can be submitted or deleted", async () => {
  await using shop = await openShop();
  const { octocat, hubot } = shop;
  const pending = await octocat("POST", `${base}/reviews`, {
    body: { body: "Draft", comments: [inline(3)] },
  });
  expect(pending.json).toMatchObject({ state: "PENDING" });
  expect(pending.json).not.toHaveProperty("submitted_at");
  expect((await octocat("GET", `${base}/reviews`)).json).toHaveLength(1);
  expect((await hubot("GET", `${base}/reviews`)).json).toEqual([]);
  expect((await hubot("GET", `${base}/comments`)).json).toEqual([]);
  const second = await octocat("POST", `${base}/reviews`, { body: { event: "COMMENT", body: "Again" } });
  expect(second.json).toMatchObject({
    errors: ["User can only have one pending review per pull request"],
  });

  const submitted = await octocat("POST", `${base}/reviews/${idOf(pending)}/events`, {
    body: { event: "APPROVE" },
  });
  expect(submitted.json).toMatchObject({ state: "APPROVED", body: "Draft" });
  expect((await hubot("GET", `${base}/comments`)).json).toHaveLength(1);
  expect((await octocat("DELETE", `${base}/reviews/${idOf(pending)}`)).status).toBe(422);

  const other = await octocat("POST", `${base}/reviews`, { body: { comments: [inline(3)] } });
  expect((await octocat("DELETE", `${base}/reviews/${idOf(other)}`)).status).toBe(200);
  expect(shop.simulator.reviews("octocat/shop", 1)).toHaveLength(1);
});

test("two reviews at once do not both become the pending one", async () => {
  await using shop = await openShop();
  const answers = await Promise.all(
    [1, 2, 3].map(() => shop.octocat("POST", `${base}/reviews`, { body: { comments: [inline(3)] } })),
  );
  expect(answers.map(({ status }) => status).sort((a, b) => a - b)).toEqual([200, 422, 422]);
});

test("more than thirty inline comments are posted, though the answer is 502", async () => {
  await using shop = await openShop();
  const comments = Array.from({ length: 31 }, () => inline(3));
  const answer = await shop.octocat("POST", `${base}/reviews`, {
    body: { event: "COMMENT", body: "Many", comments },
  });
  expect(answer.status).toBe(502);
  expect(shop.simulator.reviews("octocat/shop", 1)[0]?.comments).toHaveLength(31);
});

test("bodies end at 65,536 characters, and locked conversations take nothing", async () => {
  await using shop = await openShop();
  const { octocat } = shop;
  const post = (body: string) => octocat("POST", `${base}/reviews`, { body: { event: "COMMENT", body } });
  // Characters, not UTF-16 units: each of these is two.
  expect((await post("😀".repeat(65_536))).status).toBe(200);
  expect((await post("x".repeat(65_537))).json).toMatchObject({
    errors: ["Body is too long (maximum is 65536 characters)"],
  });
  const issue = "/repos/octocat/shop/issues/1";
  expect((await octocat("POST", `${issue}/comments`, { body: { body: "x".repeat(65_537) } })).status).toBe(
    422,
  );
  expect((await octocat("PUT", `${issue}/lock`)).status).toBe(204);
  expect((await post("Hello")).status).toBe(403);
  expect((await octocat("POST", `${issue}/comments`, { body: { body: "Hello" } })).status).toBe(403);
  expect(
    (
      await octocat("POST", `${base}/comments`, {
        body: { body: "x", path: "src/a.txt", line: 3, commit_id: shop.headSha },
      })
    ).status,
  ).toBe(403);
});

test("a comment follows its line to a later head, and is outdated once the line is gone", async () => {
  await using shop = await openShop();
  const { octocat, simulator } = shop;
  const commit_id = shop.headSha;
  const file = { commit_id, path: "new.txt", subject_type: "file", body: "Why renamed?" };
  expect((await octocat("POST", `${base}/comments`, { body: { ...inline(3), commit_id } })).status).toBe(201);
  expect((await octocat("POST", `${base}/comments`, { body: file })).json).toMatchObject({
    subject_type: "file",
  });
  const bad = await octocat("POST", `${base}/comments`, { body: { ...inline(10), commit_id } });
  expect(bad.json).toHaveProperty(["errors", 0, "field"], "pull_request_review_thread.line");
  expect(bad.json).toHaveProperty(["errors", 0, "code"], "custom");

  const content = contentOf(await octocat("GET", "/repos/octocat/shop/contents/src/a.txt?ref=feature"));
  const push = (text: string) =>
    simulator.commit({
      repository: "octocat/shop",
      branch: "feature",
      files: { "src/a.txt": text },
      message: "More",
    });
  const head = await push(`first\n${content}`);
  expect((await octocat("GET", `${base}/comments`)).json).toMatchObject([
    { line: 4, original_line: 3, commit_id: head, original_commit_id: commit_id },
    { commit_id: head, original_commit_id: commit_id },
  ]);
  await push(content.replace("line three\n", ""));
  expect(listOf(await octocat("GET", `${base}/comments`))[0]).toMatchObject({
    line: null,
    position: null,
    original_line: 3,
  });
  // GitHub's document says that these are integers; GitHub itself gives null for an outdated comment.
  expect(simulator.violations().map(({ message }) => message)).toEqual([
    "200/0/position must be integer",
    "200/0/line must be integer",
  ]);
});
