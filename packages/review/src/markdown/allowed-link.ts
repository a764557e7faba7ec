import type { ReviewLinks } from "../render/location.ts";
import { maskSecrets } from "../secrets/mask-secrets.ts";

/**
 * The address that a link may keep: a file of the repository under review. GitHub notes links to issues and pull
 * requests and notifies people of them, and other pages of its own, such as the one that grants an application
 * access, do harm to whoever follows them in good faith. Undefined for any other address.
 */
export function allowedLink(url: string, { githubUrl, fullName }: ReviewLinks): string | undefined {
  const parsed = URL.parse(url);
  const files = URL.parse(`${githubUrl.replace(/\/+$/, "")}/${fullName}/blob/`);
  if (!parsed || !files || parsed.origin !== files.origin) return undefined;
  if (parsed.username !== "" || parsed.password !== "") return undefined;
  const path = asServed(parsed.pathname);
  if (path === undefined || maskSecrets(parsed.href) !== parsed.href) return undefined;
  return path.toLowerCase().startsWith(files.pathname.toLowerCase()) ? parsed.href : undefined;
}

/** The path as a server reads it; undefined where that leads elsewhere than it says. */
function asServed(path: string): string | undefined {
  try {
    const decoded = decodeURIComponent(path);
    return /\/\/|[/\\]\.{1,2}(?:[/\\]|$)|\\/.test(decoded) ? undefined : decoded;
  } catch {
    // An escape that stands for no character: no address of a file.
    return undefined;
  }
}
