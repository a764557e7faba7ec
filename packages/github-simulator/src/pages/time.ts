import { type Html, html } from "./html.ts";

/** A moment, written so that it is read at once: `21 Nov 2026, 14:05 UTC`. */
export function time(iso: string): Html {
  const date = new Date(iso);
  const day = date.toLocaleDateString("en-GB", {
    day: "numeric",
    month: "short",
    year: "numeric",
    timeZone: "UTC",
  });
  return html`<time datetime="${iso}">${day}, ${iso.slice(11, 16)} UTC</time>`;
}
