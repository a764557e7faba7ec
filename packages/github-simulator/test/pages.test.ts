import { chromium } from "playwright-core";
import { expect, inject, test } from "vitest";
import { renderMarkdown } from "../src/pages/markdown.ts";
import { openShop } from "./world.ts";

test("a summary's few tags are kept, all other HTML is text, and hidden markers are gone", () => {
  const summary =
    "<!-- nectr:key -->\n## Review\n\n<details><summary>More</summary>\n\n- **one**\n\n</details>\n\n" +
    '<sub>small</sub> <img src=x onerror="alert(1)"> <details ontoggle=alert(1)>\n\n[link](javascript:alert(1))';
  const { markup } = renderMarkdown(summary);
  expect(markup).toContain("<details><summary>More</summary>");
  expect(markup).toContain("<strong>one</strong>");
  expect(markup).toContain("<sub>small</sub>");
  expect(markup).not.toContain("nectr:key");
  expect(markup).not.toMatch(/<img|<details ontoggle|href="javascript/);
});

test("a table's columns are aligned without styles, which the pages' policy forbids", () => {
  const { markup } = renderMarkdown("| a | b |\n| :-- | --: |\n| 1 | 2 |\n");
  expect(markup).toContain('<th align="left">a</th>');
  expect(markup).toContain('<td align="right">2</td>');
  expect(markup).not.toContain("style=");
});

test("a suggestion is shown as the change that it makes", () => {
  const shown = renderMarkdown("Better:\n\n```suggestion\nnew <b>\n```\n", ["old & worn"]).markup.replace(
    />\s+</g,
    "><",
  );
  expect(shown).toContain(
    '<tr class="removed"><td class="sign">-</td><td class="code">old &amp; worn</td></tr>',
  );
  expect(shown).toContain(
    '<tr class="added"><td class="sign">+</td><td class="code">new &lt;b&gt;</td></tr>',
  );
});

test("the pages show repository, conversation and diff with comments under their lines", async () => {
  await using shop = await openShop();
  const { octocat, simulator, headSha } = shop;
  await octocat("POST", "/repos/octocat/shop/issues/1/comments", {
    body: { body: "**The summary** <!-- hidden -->" },
  });
  const comments = [
    { path: "src/a.txt", line: 3, side: "RIGHT", body: "Inline <script>" },
    { path: "src/a.txt", start_line: 18, line: 19, side: "RIGHT", body: "Both" },
    { path: "src/a.txt", line: 18, side: "LEFT", body: "The old one" },
  ];
  await octocat("POST", "/repos/octocat/shop/pulls/1/reviews", {
    body: { event: "REQUEST_CHANGES", body: "No", comments },
  });
  await octocat("POST", "/repos/octocat/shop/pulls/1/comments", {
    body: { path: "image.bin", subject_type: "file", commit_id: headSha, body: "Why a binary?" },
  });
  const page = async (path: string) => (await fetch(simulator.url + path)).text();
  expect(await page("/")).toContain("1 open pull request<");
  expect(await page("/octocat/shop")).toContain("A feature");
  expect(await page("/octocat/shop/pulls")).toBe(await page("/octocat/shop"));
  const conversation = await page("/octocat/shop/pull/1");
  expect(conversation).toContain("<strong>The summary</strong>");
  expect(conversation).toContain("requested changes");
  expect(conversation).not.toContain("hidden -->");
  const files = await page("/octocat/shop/pull/1/files");
  expect(files).not.toContain("<script>");
  const [line, inline, next] = ["line three", "Inline &lt;script&gt;", "line 4"].map((text) =>
    files.indexOf(text),
  );
  expect(line).toBeGreaterThan(0);
  expect(inline).toBeGreaterThan(line ?? 0);
  expect(next).toBeGreaterThan(inline ?? 0);
  expect(files).toContain("Why a binary?");
  for (const shown of [conversation, files]) {
    for (const words of ["on line 3 ", "on lines 18 to 19 ", "on line 18 (old) ", "on this file "])
      expect(shown).toContain(`commented ${words}`);
  }
  expect((await fetch(`${simulator.url}/octocat/none`)).status).toBe(404);
});

test("a file's page has its lines, at a sha or a branch, and nothing where there is none", async () => {
  await using shop = await openShop();
  const { simulator, headSha } = shop;
  await simulator.commit({
    repository: "octocat/shop",
    branch: "feature",
    files: { "src/page (1).ts": "const a = 1;\nconst b = '<b>';\n", "empty.txt": "" },
    message: "Another",
  });
  const get = async (path: string) => await fetch(`${simulator.url}/octocat/shop/blob/${path}`);
  const page = async (path: string) => await (await get(path)).text();
  const shown = await page("feature/src/page%20%281%29.ts");
  expect(shown.match(/id="L\d+"/g)).toEqual(['id="L1"', 'id="L2"']);
  expect(shown).toContain("const b = &#39;&lt;b&gt;&#39;;");
  expect(await page(`${headSha}/src/a.txt?plain=1`)).toContain("line three");
  expect(await page("main/src/a.txt")).not.toContain("line three");
  expect(await page(`${headSha}/image.bin`)).toContain("Binary file");
  expect(await page("feature/empty.txt")).toContain("Empty file");
  const nowhere = [
    "main/src",
    "main/src/",
    "main/",
    "main/new.txt",
    "main/..%2f..%2fetc",
    "main/%2fetc/passwd",
    "none/src/a.txt",
    "--help/a",
  ];
  const answers = await Promise.all(nowhere.map(async (path) => [path, (await get(path)).status]));
  expect(answers).toEqual(nowhere.map((path) => [path, 404]));
});

const executablePath = inject("chromium");

test.skipIf(executablePath === undefined)(
  "a link to lines marks them and brings the first into view (needs chromium)",
  async () => {
    await using shop = await openShop();
    const lines = Array.from({ length: 200 }, (_, index) => `line ${index + 1}\n`).join("");
    const files = { "long.txt": lines };
    await shop.simulator.commit({ repository: "octocat/shop", branch: "main", files, message: "Long" });
    await using browser = await chromium.launch({
      executablePath: executablePath ?? "",
      args: process.getuid?.() === 0 ? ["--no-sandbox"] : [],
    });
    const page = await browser.newPage();
    const marked = page.locator("tr.marked .code");
    const first = page.locator("#L120");
    const address = `${shop.simulator.url}/octocat/shop/blob/main/long.txt`;

    await page.goto(`${address}#L120-L122`);
    await expect.poll(() => marked.allTextContents()).toEqual(["line 120", "line 121", "line 122"]);
    await expect.poll(() => first.evaluate((row) => row.getBoundingClientRect().top)).toBeLessThan(720);
    await page.goto(`${address}#L3`);
    await expect.poll(() => marked.allTextContents()).toEqual(["line 3"]);
    await page.goto(`${address}#L3"><b>`);
    await expect.poll(() => marked.count()).toBe(0);
  },
);
