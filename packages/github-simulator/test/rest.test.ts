import { expect, test } from "vitest";
import { contentOf, idOf, listOf, numbered, openShop } from "./world.ts";

const pulls = "/repos/octocat/shop/pulls";

test("every read answers in the shape of GitHub's schema", async () => {
  await using shop = await openShop();
  const { octocat, simulator, number, headSha } = shop;
  await octocat("POST", "/repos/octocat/shop/issues", { body: { title: "A bug", body: "It breaks" } });
  await octocat("POST", `/repos/octocat/shop/issues/${number}/comments`, { body: { body: "Summary" } });
  await octocat("POST", `/repos/octocat/shop/statuses/${headSha}`, {
    body: { state: "success", context: "nectr" },
  });
  const comments = [{ path: "src/a.txt", line: 3, side: "RIGHT", body: "Why?" }];
  const review = await octocat("POST", `${pulls}/${number}/reviews`, {
    body: { event: "COMMENT", body: "See", comments },
  });
  const paths = [
    "/user",
    "/user/emails",
    "/user/repos?per_page=1&visibility=private&affiliation=owner,collaborator",
    "/users/hubot",
    "/repos/octocat/shop",
    pulls,
    `${pulls}/${number}`,
    `${pulls}/${number}/files?per_page=100&page=1`,
    `${pulls}/${number}/commits`,
    `${pulls}/${number}/reviews`,
    `${pulls}/${number}/reviews/${idOf(review)}`,
    `${pulls}/${number}/reviews/${idOf(review)}/comments`,
    `${pulls}/${number}/comments`,
    "/repos/octocat/shop/contents/src/a.txt?ref=feature",
    "/repos/octocat/shop/contents/src",
    "/repos/octocat/shop/contents/",
    "/repos/octocat/shop/readme",
    "/repos/octocat/shop/git/trees/main?recursive=1",
    "/repos/octocat/shop/commits?sha=feature",
    "/repos/octocat/shop/commits?sha=feature&path=src/a.txt",
    "/search/code?q=%22line%22%20repo:octocat/shop",
    "/repos/octocat/shop/commits/feature",
    `/repos/octocat/shop/commits/${headSha}/statuses`,
    "/repos/octocat/shop/compare/main...feature",
    "/repos/octocat/shop/branches",
    "/repos/octocat/shop/branches/feature",
    "/repos/octocat/shop/issues?state=all",
    `/repos/octocat/shop/issues/${number + 1}`,
    `/repos/octocat/shop/issues/${number}/comments`,
    "/repos/octocat/shop/hooks",
    "/repos/octocat/shop/collaborators/hubot/permission",
    "/rate_limit",
  ];
  for (const path of paths) expect([path, (await octocat("GET", path)).status]).toEqual([path, 200]);
  const id = idOf(await octocat("GET", "/repos/octocat/shop"));
  expect((await octocat("GET", `/repositories/${id}`)).json).toMatchObject({ name: "shop" });
  expect((await octocat("GET", `/repositories/${id}/issues?state=all`)).json).toHaveLength(2);
  expect((await octocat("GET", "/repositories/1")).status).toBe(404);
  expect(simulator.violations()).toEqual([]);
});

test("a pull request as JSON, diff, patch and files says what git says", async () => {
  await using shop = await openShop();
  const { octocat, number } = shop;
  const pull = (await octocat("GET", `${pulls}/${number}`)).json;
  expect(pull).toMatchObject({ state: "open", changed_files: 3, additions: 3, deletions: 2, commits: 1 });
  expect(pull).toMatchObject({ head: { ref: "feature", sha: shop.headSha, label: "octocat:feature" } });

  const diff = await octocat("GET", `${pulls}/${number}`, {
    headers: { accept: "application/vnd.github.v3.diff" },
  });
  expect(diff.text).toContain("rename from old.txt\nrename to new.txt\n");
  expect(diff.text).toContain("-line 3\n+line three\n");
  const patch = await octocat("GET", `${pulls}/${number}`, {
    headers: { accept: "application/vnd.github.patch" },
  });
  expect(patch.text).toMatch(/^From [0-9a-f]{40} .*\nFrom: hubot/);

  const files = listOf(await octocat("GET", `${pulls}/${number}/files`));
  expect(files).toMatchObject([
    { filename: "image.bin", status: "added" },
    { filename: "new.txt", previous_filename: "old.txt", status: "renamed", changes: 0 },
    { filename: "src/a.txt", status: "modified", additions: 3, deletions: 2 },
  ]);
  expect(files[0]).not.toHaveProperty("patch");
  expect(files[2]?.["patch"]).toMatch(/^@@ -1,6 \+1,6 @@\n line 1\n/);
  expect(contentOf(await octocat("GET", "/repos/octocat/shop/contents/src/a.txt"))).toBe(numbered);
});
