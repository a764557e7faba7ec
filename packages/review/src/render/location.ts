import { codeSpan } from "../markdown/plain-characters.ts";
import type { Placement, Side } from "../model.ts";

/** Where the repository is seen. */
export interface ReviewLinks {
  /** GitHub's address, such as `https://github.com`. */
  readonly githubUrl: string;
  /** `owner/name`. */
  readonly fullName: string;
}

export interface Location {
  readonly path: string;
  /** The new version where absent. */
  readonly side?: Exclude<Side, "new">;
  readonly startLine: number;
  readonly endLine: number;
}

/** Where a finding is: the lines under its comment, or else those that it names. */
export function locationOf(finding: Location & { readonly placement: Placement }): Location {
  const { placement } = finding;
  if (placement.kind === "summary" || placement.by === "symbol") return finding;
  const { path, side, line, startLine = line } = placement;
  return { path, ...(side && { side }), startLine, endLine: line };
}

/** `path:12` or `path:12-14`, as people write it. */
export function locationText({ path, side, startLine, endLine }: Location): string {
  const lines = startLine === endLine ? startLine : `${startLine}-${endLine}`;
  return `${path}:${lines}${side === "old" ? " (before)" : ""}`;
}

/** A link to the lines as they are at the head. What was before has none: it is not there any more. */
export function locationLink(location: Location, headSha: string, links: ReviewLinks): string {
  const text = codeSpan(locationText(location));
  return location.side === "old" ? text : `[${text}](${locationUrl(location, headSha, links)})`;
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
