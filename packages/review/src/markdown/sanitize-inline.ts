import type { InlineCode, PhrasingContent, Text } from "mdast";
import { fromMarkdown } from "mdast-util-from-markdown";
import { gfmFromMarkdown } from "mdast-util-gfm";
import { gfm } from "micromark-extension-gfm";
import { htmlText, shownText, withoutMarkers } from "./plain-characters.ts";
import { writeMarkdown } from "./sanitize-markdown.ts";
import { inertText, joined, meaningOf } from "./text-tokens.ts";

/** Everything that would make more than a run of text and code of a line. */
const oneParagraph: ReturnType<typeof gfm> = {
  disable: {
    null: [
      "blockQuote",
      "codeFenced",
      "codeIndented",
      "definition",
      "gfmFootnoteDefinition",
      "headingAtx",
      "htmlFlow",
      "list",
      "setextUnderline",
      "table",
      "thematicBreak",
    ],
  },
};

/**
 * A title from outside as one line of Markdown: text and code spans, nothing else, safe in running text, in
 * strong text. In a table's cell its bars still need escaping.
 */
export function sanitizeInline(text: string): string {
  const children = inertLine(text);
  if (children.length === 0) return "";
  return withoutMarkers(writeMarkdown({ type: "root", children: [{ type: "paragraph", children }] }));
}

/** The same as HTML, for the few places where GitHub reads no Markdown, such as `<summary>`. */
export function inlineHtml(text: string): string {
  return inertLine(text)
    .map(({ type, value }) =>
      type === "inlineCode" ? `<code>${escapeHtml(value)}</code>` : escapeHtml(value),
    )
    .join("");
}

/** Text from outside as HTML code, as it is. */
export function htmlCode(text: string): string {
  return `<code>${escapeHtml(withoutMarkers(shownText(text)).replace(/\s+/g, " "))}</code>`;
}

/** Text in which HTML sees text. */
function escapeHtml(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}

function inertLine(text: string): (Text | InlineCode)[] {
  const line = shownText(text).replace(/\s+/g, " ").trim();
  const root = fromMarkdown(line, {
    extensions: [gfm(), oneParagraph],
    mdastExtensions: [gfmFromMarkdown()],
  });
  const first = root.children[0];
  if (first?.type !== "paragraph") return [];
  const literals: (Text | InlineCode)[] = joined(first.children.flatMap(flat).map(onOneLine));
  const said = literals.map(({ type, value }) => (type === "text" ? value : `\`${value}\``)).join("");
  const meaning = meaningOf(said);
  return joined(literals.flatMap((node) => (node.type === "text" ? inertText(node.value, meaning) : [node])));
}

/** Entities were read since the text came in: they, too, stand for no character that can't be seen. */
function onOneLine({ type, value }: Text | InlineCode): Text | InlineCode {
  return { type, value: shownText(value).replace(/\s+/g, " ") };
}

/** What an inline node says, without how it says it. */
function flat(node: PhrasingContent): (Text | InlineCode)[] {
  if (node.type === "text" || node.type === "inlineCode") return [{ type: node.type, value: node.value }];
  if (node.type === "html") return [{ type: "inlineCode", value: htmlText(node.value) }];
  if (node.type === "break") return [{ type: "text", value: " " }];
  if (node.type === "image" || node.type === "imageReference")
    return [{ type: "text", value: node.alt ?? "" }];
  if (node.type === "footnoteReference")
    return [{ type: "text", value: `[${node.label ?? node.identifier}]` }];
  return node.children.flatMap(flat);
}
