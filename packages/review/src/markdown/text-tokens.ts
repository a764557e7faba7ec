import type { InlineCode, PhrasingContent, Text } from "mdast";

/** Visible ASCII between spaces, pointed brackets and back-ticks: whatever GitHub finds in text lies in one. */
const words = /[!-;=?-_a-~]+/g;

/**
 * What GitHub makes live in plain text, and we don't want live: addresses (also those that it links and GFM's
 * specification does not, such as ftp), anything with `@` (mentions, teams, mail addresses, commits of other
 * repositories) and references to other repositories (`owner/repo#1`, `user#1`).
 */
const live = /:\/\/|www\.|@\w|\w#\d/i;

/** A reference to an issue of the same repository, which is harmless where nothing closes it. */
const reference = /^(?:#|GH-)\d/i;

/**
 * A word by which GitHub closes an issue, and the reference behind it, with whatever marks are between the two. The
 * word may begin anywhere: letters before it (`a*fixes #12*`) may be of another element, where they don't protect.
 */
const closingReference = /(?:close[sd]?|fix(?:e[sd])?|resolve[sd]?)[^\p{L}\p{N}#]*(?:#|GH-)\d/iu;

/** Whether GitHub would close an issue because of this text of a paragraph. */
export function closesIssues(text: string): boolean {
  return closingReference.test(text);
}

/** Punctuation around a word belongs to the sentence. */
const before = /^[("'*[{]+/;
const after = /[.,;:!?'")\]}]+$/;

/**
 * Splits text into plain text, and code for every word that GitHub would link, mention, close or notify. Code
 * reads well there (`@Injectable`, `https://...` to copy), and GitHub leaves it alone.
 *
 * @param closing whether the text is of a paragraph that would close issues
 */
export function inertText(text: string, closing: boolean): (Text | InlineCode)[] {
  const nodes: (Text | InlineCode)[] = [];
  let end = 0;
  for (const match of text.matchAll(words)) {
    const opening = before.exec(match[0])?.[0].length ?? 0;
    const value = match[0].slice(opening).replace(after, "");
    const start = match.index + opening;
    if (!live.test(match[0]) && !(closing && reference.test(value))) continue;
    nodes.push({ type: "text", value: text.slice(end, start) }, { type: "inlineCode", value });
    end = start + value.length;
  }
  nodes.push({ type: "text", value: text.slice(end) });
  return joined(nodes);
}

/**
 * Joins neighbouring texts, and neighbouring code (two code spans side by side would not be read back as two);
 * leaves out empty ones.
 */
export function joined<N extends PhrasingContent>(
  nodes: readonly (N | Text | InlineCode)[],
): (N | Text | InlineCode)[] {
  const result: (N | Text | InlineCode)[] = [];
  for (const node of nodes) {
    const last = result.at(-1);
    if (!isLiteral(node)) result.push(node);
    else if (last !== undefined && isLiteral(last) && last.type === node.type) {
      result[result.length - 1] = { type: node.type, value: last.value + node.value };
    } else if (node.value !== "") result.push(node);
  }
  return result;
}

function isLiteral(node: PhrasingContent): node is Text | InlineCode {
  return node.type === "text" || node.type === "inlineCode";
}
