import { fromMarkdown } from "mdast-util-from-markdown";
import { gfmFromMarkdown, gfmToMarkdown } from "mdast-util-gfm";
import { toMarkdown } from "mdast-util-to-markdown";
import { gfm } from "micromark-extension-gfm";
import type { Root } from "mdast";
import type { ReviewLinks } from "../render/location.ts";
import { inertTree } from "./inert-tree.ts";
import {
  fencedBlock,
  plainCharacters,
  shownText,
  withoutMarkers,
  withoutOrders,
} from "./plain-characters.ts";

/**
 * Markdown from outside, made fit to be posted under our name: no images, no HTML, no links but to files of the
 * repository under review, no mentions, no references to other repositories, no closing words, no hidden marker.
 * Words, code, lists, tables and emphasis stay. See docs/decisions/0050-markdown-sanitising.md.
 *
 * What comes out is what would come out again: the result is read back until nothing changes any more, and a
 * text that never settles is shown as it is, in a code block.
 */
export function sanitizeMarkdown(text: string, links: ReviewLinks): string {
  const given = plainCharacters(text).replace(/^[ \t\n]+|[ \t\n]+$/g, "");
  if (tooDeep(given)) return asCode(given);
  let current = given;
  for (let pass = 0; pass < mostPasses; pass += 1) {
    const next = onePass(current, links);
    if (next === current) return current;
    current = next;
  }
  return asCode(given);
}

const mostPasses = 5;

function onePass(text: string, links: ReviewLinks): string {
  const tree = fromMarkdown(text, { extensions: [gfm()], mdastExtensions: [gfmFromMarkdown()] });
  return withoutMarkers(shownText(writeMarkdown(inertTree(tree, links))));
}

/** Writes a tree in the one style of this house, without a line feed at the end. */
export function writeMarkdown(tree: Root): string {
  return toMarkdown(tree, {
    bullet: "-",
    rule: "-",
    fences: true,
    listItemIndent: "one",
    extensions: [gfmToMarkdown({ tablePipeAlign: false })],
  }).replace(/\n+$/, "");
}

/** Quotes and lists within one another, or brackets, by the hundred: no prose, and too deep for the parser's stack. */
function tooDeep(text: string): boolean {
  return /(?:>[ \t]{0,4}|(?:[*+-]|\d{1,9}[.)])[ \t]{1,4}){50}|(?:[[\]][^\n[\]]{0,3}){400}/.test(text);
}

function asCode(text: string): string {
  return fencedBlock(withoutMarkers(withoutOrders(shownText(text))), "");
}
