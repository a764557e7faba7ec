/** GitHub's own words: https://docs.github.com/en/issues/tracking-your-work-with-issues/using-issues/linking-a-pull-request-to-an-issue */
const reference =
  /(?<![\w-])(?:close[sd]?|fix(?:e[sd])?|resolve[sd]?):?[ \t]+(?:(?<name>[\w.-]+\/[\w.-]+)?#|(?<url>https?:\/\/[^\s/]+)\/(?<urlName>[\w.-]+\/[\w.-]+)\/issues\/)(?<number>[1-9]\d{0,8})(?![\w-])/gi;

/**
 * The issues of the same repository that a pull request says it closes, such as "fixes #12", in their order.
 * @param text its body or the message of a commit.
 * @param repository `owner/name`, and where GitHub is (`https://github.com`).
 */
export function parseClosingKeywords(
  text: string,
  repository: { readonly fullName: string; readonly githubUrl: string },
): number[] {
  const numbers = new Set<number>();
  for (const { groups } of withoutCode(text).matchAll(reference)) {
    const { name, url, urlName, number } = groups ?? {};
    const isHere = url === undefined || same(url, repository.githubUrl);
    if (isHere && same(name ?? urlName ?? repository.fullName, repository.fullName))
      numbers.add(Number(number));
  }
  return [...numbers];
}

/** GitHub does not look into code and comments. A fence or comment that is never closed goes on to the end. */
function withoutCode(text: string): string {
  const lines: string[] = [];
  let fence: string | undefined;
  for (const line of text.split(/\r?\n/)) {
    const mark = /^ {0,3}(```|~~~)/.exec(line)?.[1];
    if (fence === undefined && mark === undefined) lines.push(line);
    if (mark !== undefined && (fence === undefined || fence === mark))
      fence = fence === undefined ? mark : undefined;
  }
  return lines
    .join("\n")
    .replaceAll(/<!--[^]*?(?:-->|$)/g, " ")
    .replaceAll(/`[^`\n]*`/g, " ");
}

function same(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}
