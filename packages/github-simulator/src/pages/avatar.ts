import { sha256 } from "@nectr/crypto";
import { html } from "./html.ts";

/** A coloured letter that stands for a user, as SVG; always the same for one login. */
export function avatar(login: string): string {
  const hue = (sha256(login)[0] ?? 0) * (360 / 256);
  return html`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 40" width="40" height="40">
    <rect width="40" height="40" rx="20" fill="hsl(${Math.round(hue)} 45% 45%)" />
    <text x="20" y="27" font-family="sans-serif" font-size="20" fill="#fff" text-anchor="middle">
      ${login.charAt(0).toUpperCase()}
    </text>
  </svg>`.markup;
}
