/** What may be in a text of ours besides words. */
export interface Allowed {
  /** What links may lead to, such as `https://github.com/octocat/shop/blob/`. */
  readonly links: string;
}

/** Tags of ours: they have no attributes. */
const ownTag = /<\/?(?:details|summary|sub|br|code)>/g;
const ownMarker = /<!-- nectr:(?:summary|review|finding|config)[ \w/-]* -->/g;
/** The block under a finding that people may apply: with what it holds, since bots read that, too. */
const ownSuggestion = /^(`{3,})suggestion\n[\s\S]*?\n\1$/gm;

/**
 * Everything in a posted text that GitHub or a bot would act on, found without a parser of Markdown: a second opinion to
 * the one by which the text was made.
 */
export function activeParts(text: string, { links }: Allowed): string[] {
  const found: string[] = [];
  const add = (what: string, matches: Iterable<RegExpMatchArray>): void => {
    for (const [part] of matches) found.push(`${what}: ${part.slice(0, 80)}`);
  };
  add(
    "a line that orders",
    text.matchAll(
      /^[ \t>]*(?:[-*+] )?(?:\/[a-z][\w-]*(?:[ \t].*)?|@?(?:bors|dependabot)\b.*|ok to test|lgtm)$/gim,
    ),
  );
  const shown = text
    .replace(ownMarker, "")
    .replace(ownSuggestion, "")
    .replace(/^[ \t>]*(`{3,}|~{3,})([^\n`]*)\n[\s\S]*?\n[ \t>]*\1[ \t]*$/gm, (_, __, language: string) =>
      /suggestion|mermaid|geojson|topojson|stl|math/i.test(language) ? "LIVELY FENCE" : "",
    )
    .replace(/(?<!`)(`+)(?!`)[^\n]*?(?<!`)\1(?!`)/g, "·")
    .replace(/<code>[^<]*<\/code>/g, "·")
    .replace(ownTag, "")
    .replace(/\\[[<]/g, "·");
  add(
    "a comment",
    text
      .replace(ownMarker, "")
      .replace(/^([ \t>]*)(`{3,})[\s\S]*?\n\1\2$/gm, "")
      .matchAll(/<!--\s*nectr/gi),
  );
  add("a fence", shown.matchAll(/LIVELY FENCE/g));
  add("a tag", shown.matchAll(/<[a-z!/][^>\n]*>?/gi));
  add("an image", shown.matchAll(/!\[/g));
  add("a mention", shown.matchAll(/(?<![\w`])@[\w-]+/g));
  add("a reference", shown.matchAll(/[\w-]+\/[\w.-]+#\d+|(?:fix|close|resolve)[a-z]*\W{1,5}#\d+/gi));
  add("what nobody sees", text.matchAll(/[\u202A-\u202E\u2066-\u2069\u{E0000}-\u{E007F}]/gu));
  for (const [, url = ""] of shown.matchAll(/\]\(([^)\s]*)/g))
    if (!leadsInto(url, links)) found.push(`a link: ${url}`);
  const unlinked = shown.replace(/\]\([^)\s]*\)/g, "]");
  add("an address", unlinked.matchAll(/\w+:\/\/[^\s)]+|www\.\w[^\s)]*/gi));
  return found;
}

/** As a browser reads an address: with its dots resolved. */
function leadsInto(url: string, links: string): boolean {
  return URL.parse(url)?.href.startsWith(links) ?? false;
}
