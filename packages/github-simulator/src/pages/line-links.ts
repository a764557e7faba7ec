import { sha256 } from "@nectr/crypto";
import { trusted } from "./html.ts";

/** Marks the lines that the address ends in, `#L12` or `#L12-L14`, and brings the first one into view. */
const script = `
const mark = () => {
  const [, first, last = first] = /^#L(\\d+)(?:-L(\\d+))?$/.exec(location.hash) ?? [];
  for (const row of document.querySelectorAll("tr[id]")) {
    const line = Number(row.id.slice(1));
    row.classList.toggle("marked", line >= Number(first) && line <= Number(last));
  }
  document.querySelector("tr.marked")?.scrollIntoView();
};
addEventListener("hashchange", mark);
mark();
`;

/** The script as markup, for the end of a page whose rows have ids such as `L12`. */
export const lineLinks = trusted(`<script>${script}</script>`);

/** The source by which a Content-Security-Policy allows this script and no other. */
export function lineLinksSource(): string {
  return `'sha256-${sha256(script).toString("base64")}'`;
}
