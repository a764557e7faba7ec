import type { Fernet } from "@nectr/crypto";
import type { Db } from "@nectr/db";
import type { GitHubClientOptions } from "@nectr/github";

/** Where GitHub is, and the OAuth app that we are to it. */
export interface GitHubSettings extends Pick<GitHubClientOptions, "log" | "onRequest" | "pace"> {
  /** For people: `https://github.com`. */
  readonly githubUrl: string;
  /** For programs: `https://api.github.com`. */
  readonly apiUrl: string;
  readonly clientId?: string | undefined;
  readonly clientSecret?: string | undefined;
}

export interface AccountsDeps {
  readonly db: Db;
  /**
   * A pool of its own for what waits for GitHub while it holds a lock, so that what only reads never waits behind it.
   */
  readonly locks: Db;
  readonly fernet: Fernet;
  readonly github: GitHubSettings;
  /** Of the `gh` command, or GITHUB_PAT: serves repositories that nobody has connected. */
  readonly fallbackToken?: string | undefined;
  readonly clock?: () => Date;
}

export function now(deps: Pick<AccountsDeps, "clock">): Date {
  return deps.clock?.() ?? new Date();
}
