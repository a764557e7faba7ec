import type { BlockContent, PhrasingContent, Root, RootContent, TableRow } from "mdast";
import type { ReviewLinks } from "../render/location.ts";
import { allowedLink } from "./allowed-link.ts";
import { htmlText, shownText, withoutOrders } from "./plain-characters.ts";
import { inertText, joined, type Meaning, meaningOf } from "./text-tokens.ts";

/** Fences that GitHub draws or acts on: an applicable suggestion, a diagram, a map, a formula. */
const livelyLanguages = new Set(["suggestion", "mermaid", "geojson", "topojson", "stl", "math"]);

/** A tree in which nothing is left that loads, links away, notifies, or pretends to be ours. */
export function inertTree(root: Root, links: ReviewLinks): Root {
  return { type: "root", children: inertBlocks(root.children, links) };
}

function inertBlocks(nodes: readonly RootContent[], links: ReviewLinks): BlockContent[] {
  return nodes.flatMap((node) => inertBlock(node, links));
}

function inertBlock(node: RootContent, links: ReviewLinks): BlockContent[] {
  switch (node.type) {
    case "paragraph":
      return paragraph(inertPhrasing(node.children, links));
    case "heading": {
      // A heading inside a comment would be louder than ours, or look like ours.
      const children = inertPhrasing(node.children, links);
      return paragraph(children.length > 0 ? [{ type: "strong", children }] : []);
    }
    case "blockquote":
    case "footnoteDefinition": {
      const children = inertBlocks(node.children, links);
      return node.type === "blockquote" && children.length > 0
        ? [{ type: "blockquote", children }]
        : children;
    }
    case "list": {
      const children = node.children.flatMap((item) => {
        const blocks = inertBlocks(item.children, links);
        return blocks.length > 0 ? [{ ...item, checked: null, children: blocks }] : [];
      });
      return children.length > 0 ? [{ ...node, children }] : [];
    }
    case "table":
      return [{ ...node, children: node.children.map((row) => inertRow(row, links)) }];
    case "code":
      return [{ type: "code", lang: quietLanguage(node.lang), value: inertCode(node.value) }];
    case "html":
      return htmlText(node.value) === ""
        ? []
        : [{ type: "code", lang: "html", value: inertCode(htmlText(node.value)) }];
    case "thematicBreak":
      return [node];
    default:
      // Definitions are used up where they are referred to; nothing else can stand in a block.
      return [];
  }
}

function inertCode(code: string): string {
  return withoutOrders(shownText(code));
}

function inertRow(row: TableRow, links: ReviewLinks): TableRow {
  const cells = row.children.map((cell) => ({ ...cell, children: inertPhrasing(cell.children, links) }));
  return { ...row, children: cells };
}

/**
 * Inline content: first made simple, then joined, and only then searched, so that no pair of parts can hide a mention.
 *
 * @param meaning of the whole paragraph
 */
function inertPhrasing(
  nodes: readonly PhrasingContent[],
  links: ReviewLinks,
  meaning = meaningOf(textOf(nodes)),
): PhrasingContent[] {
  const simple = seen(joined(nodes.flatMap((node) => simpleInline(node, links, meaning))));
  const inert = simple.flatMap((node): PhrasingContent[] =>
    node.type === "text" ? inertText(node.value, meaning) : [node],
  );
  return joined(inert);
}

/** Without what can't be seen: an entity may have stood for it, which only the parser has read. */
function seen(nodes: readonly PhrasingContent[]): PhrasingContent[] {
  return nodes.map((node) =>
    node.type === "text" || node.type === "inlineCode" ? { ...node, value: shownText(node.value) } : node,
  );
}

function textOf(nodes: readonly PhrasingContent[]): string {
  return nodes
    .map((node) => {
      if (node.type === "inlineCode") return `\`${node.value}\``;
      return "children" in node ? textOf(node.children) : "value" in node ? node.value : " ";
    })
    .join("");
}

function simpleInline(node: PhrasingContent, links: ReviewLinks, meaning: Meaning): PhrasingContent[] {
  switch (node.type) {
    case "text":
    case "inlineCode":
      return [{ type: node.type, value: node.value }];
    case "break":
      return [node];
    case "emphasis":
    case "strong":
    case "delete": {
      const children = inertPhrasing(node.children, links, meaning);
      return children.length > 0 ? [{ ...node, children }] : [];
    }
    case "link": {
      const url = allowedLink(node.url, links);
      if (url === undefined)
        return [...node.children.flatMap((child) => simpleInline(child, links, meaning)), ...shown(node)];
      const children = inertPhrasing(node.children, links, meaning);
      return children.length > 0 ? [{ type: "link", url, children }] : [];
    }
    case "linkReference":
      return node.children.flatMap((child) => simpleInline(child, links, meaning));
    case "image":
    case "imageReference":
      return [{ type: "text", value: node.alt ?? "" }];
    case "footnoteReference":
      return [{ type: "text", value: `[${node.label ?? node.identifier}]` }];
    case "html":
      return [{ type: "inlineCode", value: htmlText(node.value) }];
    default:
      return [];
  }
}

/** Where a link led, in words, unless its text already says so. */
function shown(link: {
  readonly url: string;
  readonly children: readonly PhrasingContent[];
}): PhrasingContent[] {
  const text = link.children.map((child) => ("value" in child ? child.value : "")).join("");
  if (link.url === "" || text === link.url || `http://${text}` === link.url || `mailto:${text}` === link.url)
    return [];
  return [
    { type: "text", value: " (" },
    { type: "inlineCode", value: link.url },
    { type: "text", value: ")" },
  ];
}

function quietLanguage(language: string | null | undefined): string | null {
  if (!language || !/^[\w.+#-]+$/.test(language)) return null;
  return livelyLanguages.has(language.toLowerCase()) ? null : language;
}

function paragraph(children: PhrasingContent[]): BlockContent[] {
  return children.length > 0 ? [{ type: "paragraph", children }] : [];
}
