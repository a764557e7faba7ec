import { codeSpan } from "../markdown/plain-characters.ts";
import type { Placement } from "../model.ts";

/** Where the repository is seen. */
export interface ReviewLinks {
  /** GitHub's address, such as `https://github.com`. */
  readonly githubUrl: string;
  /** `owner/name`. */
  readonly fullName: string;
}

export interface Location {
  readonly path: string;
  readonly startLine: number;
  readonly endLine: number;
}

/** Where a finding is: the lines under its comment, or else those that it names. */
export function locationOf(finding: Location & { readonly placement: Placement }): Location {
  const { placement } = finding;
  if (placement.kind === "summary") return finding;
  return { path: placement.path, startLine: placement.startLine ?? placement.line, endLine: placement.line };
}

/** `path:12` or `path:12-14`, as people write it. */
export function locationText({ path, startLine, endLine }: Location): string {
  return startLine === endLine ? `${path}:${startLine}` : `${path}:${startLine}-${endLine}`;
}

/** A link to the lines as they are at the head. */
export function locationLink(location: Location, headSha: string, links: ReviewLinks): string {
  return `[${codeSpan(locationText(location))}](${locationUrl(location, headSha, links)})`;
}

function locationUrl({ path, startLine, endLine }: Location, headSha: string, links: ReviewLinks): string {
  const file = path.toWellFormed().split("/").map(encodeSegment).join("/");
  const lines = startLine === endLine ? `#L${startLine}` : `#L${startLine}-L${endLine}`;
  // GitHub shows these formats rendered, without lines, unless it is asked for the text.
  const plain = /\.(?:md|markdown|mdx|rst|adoc|ipynb|svg)$/i.test(path) ? "?plain=1" : "";
  return `${links.githubUrl.replace(/\/+$/, "")}/${links.fullName}/blob/${headSha}/${file}${plain}${lines}`;
}

/** The parentheses would end a Markdown link. */
function encodeSegment(segment: string): string {
  return encodeURIComponent(segment).replaceAll("(", "%28").replaceAll(")", "%29");
}
