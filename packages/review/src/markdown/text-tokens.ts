import type { InlineCode, PhrasingContent, Text } from "mdast";

/** Visible ASCII between spaces, pointed brackets and back-ticks: whatever GitHub finds in text lies in one. */
const words = /[!-;=?-_a-~]+/g;

/**
 * What GitHub makes live in plain text, and we don't want live: addresses (also those that it links and GFM's
 * specification does not, such as ftp), anything with `@` (mentions, teams, mail addresses, commits of other
 * repositories) and references to other repositories (`owner/repo#1`, `user#1`).
 */
const live = /:\/\/|www\.|@\w|\w#\d/i;

/**
 * What bots take for an order, though GitHub does not: `/approve`, `!deploy`, `.deploy`, and the names by which some are
 * spoken to. A route or the end of a file's name reads well as code, too.
 */
const order =
  /^(?:[/!.][a-z][\w-]*(?![\w/-])|(?:(?:bors|dependabot|homu|mergify(?:io)?|renovate(?:bot)?):?|r\+)$)/i;

/** The same, of several words or of one that is harmless within others. */
const orderLine = /^[ \t]*(lgtm|recheck|retest|ok to test|(?:re)?test this please)[ \t.!]*$/gim;

/** A reference to an issue of the same repository, which is harmless where nothing closes it. */
const reference = /^(?:#|GH-)\d/i;

/**
 * A word by which GitHub closes an issue, and the reference behind it, with whatever marks are between the two. The
 * word may begin anywhere: letters before it (`a*fixes #12*`) may be of another element, where they don't protect.
 */
const closingReference = /(?:close[sd]?|fix(?:e[sd])?|resolve[sd]?)[^\p{L}\p{N}#]*(?:#|GH-)\d/iu;

/** What GitHub would make of a paragraph as a whole. */
export interface Meaning {
  readonly closesIssues: boolean;
  /** Mathematics that can do more than slope letters: it draws in any size and colour, over what stands beside it. */
  readonly draws: boolean;
}

/** @param text of the paragraph, its code between back-ticks */
export function meaningOf(text: string): Meaning {
  return {
    closesIssues: closingReference.test(text),
    draws: /\$\$|\$`|`\$|\\[a-z]/i.test(text) && text.includes("$"),
  };
}

/** Punctuation around a word belongs to the sentence. */
const before = /^[("'*[{]+/;
const after = /[.,;:!?'")\]}]+$/;

/**
 * Splits text into plain text, and code for every word that GitHub would link, mention, close, draw or notify, and that
 * a bot would obey. Code reads well there (`@Injectable`, `https://...` to copy), and GitHub leaves it alone.
 *
 * @param meaning of the paragraph that the text is of
 */
export function inertText(text: string, meaning: Meaning): (Text | InlineCode)[] {
  const nodes: (Text | InlineCode)[] = [];
  let end = 0;
  for (const { index, 0: line, 1: words = "" } of text.matchAll(orderLine)) {
    const start = index + line.indexOf(words);
    nodes.push(...inertWords(text.slice(end, start), meaning), { type: "inlineCode", value: words });
    end = start + words.length;
  }
  return joined([...nodes, ...inertWords(text.slice(end), meaning)]);
}

function inertWords(text: string, { closesIssues, draws }: Meaning): (Text | InlineCode)[] {
  const nodes: (Text | InlineCode)[] = [];
  let end = 0;
  for (const match of text.matchAll(words)) {
    const opening = before.exec(match[0])?.[0].length ?? 0;
    const value = match[0].slice(opening).replace(after, "");
    const start = match.index + opening;
    const drawn = draws && /[$\\]/.test(match[0]);
    const acts = live.test(match[0]) || order.test(value) || (closesIssues && reference.test(value));
    if (value === "" || !(acts || drawn)) continue;
    nodes.push({ type: "text", value: text.slice(end, start) }, { type: "inlineCode", value });
    end = start + value.length;
  }
  return [...nodes, { type: "text", value: text.slice(end) }];
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
