import { type Html, html } from "../pages/html.ts";

/**
 * What a scope lets an application do.
 * Scopes: https://docs.github.com/en/apps/oauth-apps/building-oauth-apps/scopes-for-oauth-apps
 */
const words: Readonly<Record<string, readonly [what: string, access: string]>> = {
  "admin:repo_hook": ["Repository webhooks", "read, write and delete"],
  offline_access: ["Stay authorized", "get new tokens when the old ones expire"],
  public_repo: ["Public repositories", "read and write code, issues, pull requests and webhooks"],
  "read:org": ["Organizations and teams", "read"],
  "read:repo_hook": ["Repository webhooks", "read"],
  "read:user": ["Profile", "read"],
  repo: ["Repositories, public and private", "read and write code, issues, pull requests and webhooks"],
  "repo:status": ["Commit statuses", "read and write"],
  user: ["Profile", "read and write"],
  "user:email": ["Email addresses", "read"],
  "write:repo_hook": ["Repository webhooks", "read and write"],
};

/** A scope in words, with its name for who wants to look it up; the name alone where it has no words. */
export function scopeWords(scope: string): Html {
  const [what, access] = words[scope] ?? [];
  if (what === undefined) return html`<code>${scope}</code>`;
  return html`<span title="${scope}"><strong>${what}</strong>: ${access}</span>`;
}
