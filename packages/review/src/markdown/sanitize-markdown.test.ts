import fc from "fast-check";
import type { Nodes } from "mdast";
import { fromMarkdown } from "mdast-util-from-markdown";
import { gfmFromMarkdown } from "mdast-util-gfm";
import { gfm } from "micromark-extension-gfm";
import { visit } from "unist-util-visit";
import { describe, expect, test } from "vitest";
import { sanitizeInline, inlineHtml } from "./sanitize-inline.ts";
import { sanitizeMarkdown } from "./sanitize-markdown.ts";

const links = { githubUrl: "https://github.com", fullName: "o/r" };
const clean = (text: string): string => sanitizeMarkdown(text, links);
/** No token, and no text that a scanner takes for one. */
const key = ["ghp", "aK7xQ2mZ9bT4cW8dR3fV6gH1jN5pL0sYeXuC"].join("_");
const marker = "<!-- nectr:review 42/7/abc/0 -->";

describe("sanitizeMarkdown", () => {
  test.each<[string, string, string]>([
    ["an image becomes its text", "see ![a picture](https://evil.example/x.png) here", "see a picture here"],
    ["an image by reference too", "![a picture][x]\n\n[x]: https://evil.example/x.png", "a picture"],
    [
      "a foreign link shows where it led",
      "[docs](https://evil.example/a)",
      "docs (`https://evil.example/a`)",
    ],
    [
      "an address becomes code",
      "see https://evil.example/a, then go",
      "see `https://evil.example/a`, then go",
    ],
    ["in pointed brackets too", "<https://evil.example>", "`https://evil.example`"],
    ["www too", "www.evil.example/x", "`www.evil.example/x`"],
    ["ftp, which GitHub links, too", "ftp://evil.example/x", "`ftp://evil.example/x`"],
    ["mail too", "write to a@evil.example.", "write to `a@evil.example`."],
    [
      "a link of ours stays",
      "[here](https://github.com/o/r/blob/main/a.ts)",
      "[here](https://github.com/o/r/blob/main/a.ts)",
    ],
    ["but not with credentials", "[x](https://a:b@github.com/)", "x (`https://a:b@github.com/`)"],
    ["nor to a look-alike", "[x](https://github.com.evil.example)", "x (`https://github.com.evil.example`)"],
    ["nor with another scheme", "[x](javascript:alert(1))", "x (`javascript:alert(1)`)"],
    [
      "nor where GitHub would note it",
      "[x](https://github.com/o/r/issues/1)",
      "x (`https://github.com/o/r/issues/1`)",
    ],
    [
      "nor below another repository",
      "[x](https://github.com/o/other/blob/main/a.ts)",
      "x (`https://github.com/o/other/blob/main/a.ts`)",
    ],
    [
      "nor where GitHub asks for access to an account",
      "[x](https://github.com/login/oauth/authorize?client_id=1)",
      "x (`https://github.com/login/oauth/authorize?client_id=1`)",
    ],
    [
      "nor there under another spelling",
      "[x](https://github.com//o/r/issues/1) [y](https://github.com/o/r/%69ssues/1)",
      "x (`https://github.com//o/r/issues/1`) y (`https://github.com/o/r/%69ssues/1`)",
    ],
    [
      "nor out of the files again",
      "[x](https://github.com/o/r/blob/../issues/1) [y](https://github.com/o/r/blob/..%2Fissues/1)",
      "x (`https://github.com/o/r/blob/../issues/1`) y (`https://github.com/o/r/blob/..%2Fissues/1`)",
    ],
    ["nor a relative one", "[x](../../issues)", "x (`../../issues`)"],
    ["a tag is shown, not obeyed", "use <b>bold</b>", "use `<b>`bold`</b>`"],
    ["a type without code marks stays readable", "returns Promise<void> now", "returns Promise`<void>` now"],
    ["a block of HTML is shown", "<img src=x onerror=y>", "```html\n<img src=x onerror=y>\n```"],
    ["a comment is gone", `a ${marker} b`, "a  b"],
    ["also as a block", `${marker}\n\na`, "a"],
    ["also when it never ends", "a\n\n<!-- nectr:review", "a"],
    ["a mention is code", "ask @octocat and @org/team.", "ask `@octocat` and `@org/team`."],
    ["also as an entity", "&commat;octocat &#64;octocat", "`@octocat` `@octocat`"],
    ["also when a comment parted it", "@<!-- -->octocat", "`@octocat`"],
    ["also when a link parted it", "@[octocat](x)", "`@octocat` (`x`)"],
    ["another repository's issue is code", "see owner/repo#12, repo#3", "see `owner/repo#12`, `repo#3`"],
    ["a closing word closes nothing", "Fixes #12, closes: GH-3", "Fixes `#12`, closes: `GH-3`"],
    ["also in strong text", "Fixes: **#12**", "Fixes: **`#12`**"],
    ["also when the word is the strong one", "_**Fixes**_ #12", "***Fixes*** `#12`"],
    ["also behind a letter outside the emphasis", "a*fixes #12*", "a*fixes `#12`*"],
    ["an issue of the same repository stays", "as in #12", "as in #12"],
    ["a heading is only strong", "# Approved\n\nx", "**Approved**\n\nx"],
    ["code stays", "```ts\nconst a = '@b' // <!-- x -->\n```", "```ts\nconst a = '@b' // <!-- x -->\n```"],
    ["but suggests nothing", "```suggestion\nrm()\n```", "```\nrm()\n```"],
    ["and draws nothing", "```mermaid\ngraph\n```", "```\ngraph\n```"],
    ["a box is no box to tick", "- [ ] a\n- [x] b", "- a\n- b"],
    ["a table stays", "| a | b |\n| - | - |\n| `x\\|y` | @c |", "| a | b |\n| - | - |\n| `x\\|y` | `@c` |"],
    ["a line that turns round does not", "a\u202Eb", "ab"],
    ["nor as an entity that the writer would keep", "&#8238;**$x$**", "**$x$**"],
    ["an order to a bot is code", "Fine.\n/approve\n> - /merge now", "Fine.\n`/approve`\n\n> - `/merge` now"],
    ["also as an entity, behind a mark, in a cell", "&sol;lgtm **!deploy**", "`/lgtm` **`!deploy`**"],
    ["also where a comment stood before it", "a <!-- -->/approve", "a `/approve`"],
    [
      "also without a slash",
      "bors r+\n\n@bors: r+\n\nok to test",
      "`bors` `r+`\n\n`@bors`: `r+`\n\n`ok to test`",
    ],
    [
      "in a block of code it is no line's beginning",
      "```\n/approve\nbors r+\n```",
      "```\n\u200B/approve\n\u200Bbors r+\n```",
    ],
    [
      "a path, an alternative and a word stay",
      "/usr/bin and/or lgtm, then merge",
      "/usr/bin and/or lgtm, then merge",
    ],
    [
      "a path in a block of code too",
      "```\n/usr/bin/env x\n//go:build\n```",
      "```\n/usr/bin/env x\n//go:build\n```",
    ],
    ["a formula that draws is code", "$\\Huge{OK}$ and $x$", "`$\\Huge{OK}$` and `$x$`"],
    ["also in GitHub's other spelling", "$`\\Huge x`$", "`$\\Huge x$`"],
    ["also as a block", "$$\nx\n$$", "`$$`\nx\n`$$`"],
    ["a price is a price", "from $5 to $6", "from $5 to $6"],
    ["a fence by any name of a suggestion", "```suggestion:-0+1\nx\n```", "```\nx\n```"],
    ["also as an entity", "```&#115;uggestion\nx\n```", "```\nx\n```"],
    ["an alert is a quote", "> [!NOTE]\n> x", "> \\[`!NOTE`]\n> x"],
    ["what nobody sees is gone", "a\u{E0041}\u{E0042}\u2063\u061Cb", "ab"],
    ["a line end of another kind is one", "a\u2028/approve\u0085b", "a\n`/approve`\nb"],
    ["a secret is masked", `see ${key}.`, "see \\[secret: GitHub token, 40 characters]."],
    ["in code", `\`${key}\``, "`[secret: GitHub token, 40 characters]`"],
    ["in a block", `\`\`\`\n${key}\n\`\`\``, "```\n[secret: GitHub token, 40 characters]\n```"],
    ["as an entity", key.replace("_", "&#95;"), "\\[secret: GitHub token, 40 characters]"],
    [
      "in a link",
      `[a](https://x.example/${key})`,
      "a (`https://x.example/[secret: GitHub token, 40 characters]`)",
    ],
    [
      "in a link of ours",
      `[a](https://github.com/o/r/blob/${key})`,
      "a (`https://github.com/o/r/blob/[secret: GitHub token, 40 characters]`)",
    ],
    [
      "in words and code",
      `password = \`${key.slice(4)}\``,
      "password = `[secret: secret value, 36 characters]`",
    ],
    ["nothing", " \n ", ""],
  ])("%s", (_, text, expected) => {
    expect(clean(text)).toBe(expected);
  });

  test.each([
    marker,
    `\`${marker}\``,
    `\`\`\`\n${marker}\n\`\`\``,
    marker.replace("<", "&lt;"),
    `\\${marker}`,
    "<!-<!-- x -->- nectr:review 42/7/abc/0 -->",
    "<\u0000!-- nectr:review 42/7/abc/0 -->",
    `[${marker}](https://github.com/${marker})`,
  ])("no text can carry a marker of ours: %j", (text) => {
    for (const result of [clean(text), sanitizeInline(text), inlineHtml(text)]) {
      expect(result).not.toContain("<!-- nectr");
    }
  });

  test("texts made to be slow are done in a moment", () => {
    // Were one of them quadratic, the test's own time limit would be passed many times over.
    for (const unit of [
      ">",
      "- ",
      "1. ",
      "[",
      "![",
      "*a",
      "`a",
      "a@",
      "www.",
      "<a ",
      "<!-",
      "**a _b ",
      "- a\n",
    ]) {
      expect(clean(unit.repeat(4_000 / unit.length))).not.toBe("");
    }
  });
});

describe("sanitizeInline", () => {
  test.each<[string, string, string]>([
    ["code stays", "`parse` swallows *every* error", "`parse` swallows every error"],
    ["no list", "1. first", "1\\. first"],
    ["no heading", "# first", "\\# first"],
    ["no table, no second line", "a | b\n| - | - |", "a | b | - | - |"],
    ["no mention out of two parts", "@*octocat*", "`@octocat`"],
    ["no link", "[x](https://github.com/a)", "x"],
    ["no image", "![x](https://github.com/a)", "x"],
    ["no tag", "a <img> b", "a `<img>` b"],
    ["no character that turns the line round", "abc &#8238;txt.exe\u202E", "abc txt.exe"],
    ["stars of its own", "a * b ** c", "a \\* b \\*\\* c"],
  ])("%s", (_, text, expected) => {
    expect(sanitizeInline(text)).toBe(expected);
  });

  test("as HTML", () => {
    expect(inlineHtml("`a<b` & @c </summary>")).toBe(
      "<code>a&lt;b</code> &amp; <code>@c</code> <code>&lt;/summary&gt;</code>",
    );
  });
});

/** Everything in `markdown`, read by the parser alone, that a sanitised text must not have. */
function lively(markdown: string): string[] {
  const found: string[] = [];
  const tree: Nodes = fromMarkdown(markdown, { extensions: [gfm()], mdastExtensions: [gfmFromMarkdown()] });
  visit(tree, (node) => {
    if (/^(?:image|imageReference|html|linkReference|definition|footnote.*|heading)$/.test(node.type))
      found.push(node.type);
    if (node.type === "link" && !node.url.startsWith("https://github.com/o/r/blob/")) found.push(node.url);
    if (
      node.type === "text" &&
      /@\w|:\/\/\S|www\.\w|\w#\d|<!--\s*nectr|\b(?:fix|close)e?s #\d/i.test(node.value)
    )
      found.push(node.value);
    if ("value" in node && /[\u202A-\u202E]/.test(node.value)) found.push("turned round");
    if (node.type === "code" && node.lang === "suggestion") found.push("suggestion");
    if (node.type === "text" && /^\s*[/!][a-z][\w-]*(?:\s|$)/im.test(node.value)) found.push("an order");
  });
  return found;
}

const pieces = fc.constantFrom(
  "a",
  "B1",
  " ",
  "  ",
  "\n",
  "\n\n",
  "\n    ",
  "\t",
  "*",
  "**",
  "_",
  "__",
  "~~",
  "~",
  "`",
  "``",
  "```",
  "```suggestion\n",
  "@",
  "@octocat",
  "&#64;",
  "&commat;",
  "&lt;",
  "&amp;",
  "\\",
  "<",
  ">",
  "> ",
  "<b>",
  "</b>",
  "<!--",
  "-->",
  "<!-- nectr:",
  "<br>",
  "<img src=x>",
  "/approve",
  "/",
  "!deploy",
  "bors r+",
  "lgtm\n",
  "\\Huge",
  "$",
  "$$",
  key,
  "ghp",
  "_",
  "\u2028",
  "\u{E0041}",
  "![",
  "[",
  "]",
  "(",
  ")",
  "](",
  "](https://evil.example)",
  "](https://github.com/a)",
  "](https://github.com/o/r/blob/a)",
  "https://github.com/o/r/blob/a",
  "&#8238;",
  "Fixes: ",
  "][a]",
  "\n[a]: https://evil.example\n",
  "https://evil.example/a",
  "http://",
  "www.",
  "evil.example",
  "ftp://x.y",
  "mailto:a@b.co",
  "x@y.zz",
  ":",
  "/",
  ".",
  "#",
  "# ",
  "#12",
  "fixes #12",
  "o/r#1",
  "o/r",
  "GH-1",
  "- ",
  "1. ",
  "+ ",
  "- [x] ",
  "| ",
  "|",
  "\n| - | - |\n",
  "---\n",
  "===\n",
  "[^a]",
  "\n[^a]: x\n",
  "é",
  "日本",
  "😀",
  "\u200B",
  "\u00A0",
  "\0",
  "\r\n",
  "!",
  "$x$",
  "&nbsp;",
  "&#x20;",
  "😀".slice(0, 1),
);
const hostile = fc.array(pieces, { maxLength: 24 }).map((parts) => parts.join(""));

describe("whatever comes in", () => {
  test("nothing lively comes out, and what came out comes out again", () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const result = clean(text);
        expect(lively(result)).toEqual([]);
        expect(clean(result)).toBe(result);
      }),
      { numRuns: 1_000 },
    );
  });

  test("a title is one line of text and code", () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const result = sanitizeInline(text);
        expect(result).not.toContain("\n");
        expect(lively(result)).toEqual([]);
        expect(lively(`🔴 **${result}** x`)).toEqual([]);
        const root = fromMarkdown(result, { extensions: [gfm()], mdastExtensions: [gfmFromMarkdown()] });
        const types = root.children.flatMap((node) =>
          node.type === "paragraph" ? node.children.map((child) => child.type) : [node.type],
        );
        expect(types.filter((type) => type !== "text" && type !== "inlineCode")).toEqual([]);
      }),
      { numRuns: 1_000 },
    );
  });
});
