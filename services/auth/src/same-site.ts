import { getDomain } from "tldts";

/**
 * Whether browsers count two addresses as one site, so that a SameSite=Lax cookie of the one goes along with a
 * fetch from the other: same scheme and same registrable domain, where customers of a hosting platform
 * (`a.onrender.com`, `b.onrender.com`) are sites of their own.
 * https://html.spec.whatwg.org/multipage/browsers.html#same-site
 */
export function isSameSite(a: string, b: string): boolean {
  const [first, second] = [new URL(a), new URL(b)];
  return first.protocol === second.protocol && siteOf(first) === siteOf(second);
}

/** The registrable domain; the host itself where there is none (an IP address, localhost, a public suffix). */
function siteOf({ hostname }: URL): string {
  return getDomain(hostname, { allowPrivateDomains: true }) ?? hostname;
}
