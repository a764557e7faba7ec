import { LRUCache } from "lru-cache";
import type { GitHubClient } from "./client.ts";
import { getPullRequest } from "./pull-requests.ts";
import type { RepositoryRef } from "./repositories.ts";

/** What lists show of a pull request; may be a minute old (five where it is no longer open). */
export interface PullRequestState {
  readonly number: number;
  readonly state: "open" | "closed" | "merged";
  readonly draft: boolean;
  readonly headSha: string;
}

/** States of pull requests, remembered for a while. */
export interface PullRequestStates {
  /** From memory or from GitHub; askers who come while GitHub is being asked share its answer, or its error. */
  get(client: GitHubClient, repo: RepositoryRef, number: number): Promise<PullRequestState>;
  /** Drops what is known for every user, as when a webhook tells of a change. */
  forget(repo: RepositoryRef, number: number): void;
}

const maxEntries = 500;
const openMs = 60_000;
const closedMs = 300_000;

/**
 * A bounded memory of pull request states: 500 entries, 60 s while open, 300 s once closed or merged.
 * Entries are kept apart by user, since what one may see another may not. `now` gives milliseconds.
 */
export function createPullRequestStates({ now = () => performance.now() } = {}): PullRequestStates {
  const known = new LRUCache<string, PullRequestState>({
    max: maxEntries,
    ttl: openMs,
    ttlResolution: 0,
    perf: { now },
  });
  const asked = new Map<string, Promise<PullRequestState>>();

  async function ask(client: GitHubClient, repo: RepositoryRef, number: number): Promise<PullRequestState> {
    const { state, merged, draft, head } = await getPullRequest(client, repo, number);
    return { number, state: merged ? "merged" : state, draft, headSha: head.sha };
  }

  return {
    get(client, repo, number) {
      const key = `${pullRequestKey(repo, number)} ${client.userId}`;
      const remembered = known.get(key);
      if (remembered !== undefined) return Promise.resolve(remembered);
      const pending = asked.get(key);
      if (pending !== undefined) return pending;

      const asking = ask(detached(client), repo, number)
        .then((state) => {
          // Forgotten meanwhile: the answer may be older than what made us forget.
          if (asked.get(key) === asking)
            known.set(key, state, { ttl: state.state === "open" ? openMs : closedMs });
          return state;
        })
        .finally(() => {
          if (asked.get(key) === asking) asked.delete(key);
        });
      asked.set(key, asking);
      return asking;
    },
    forget(repo, number) {
      const prefix = `${pullRequestKey(repo, number)} `;
      for (const entries of [known, asked]) {
        for (const key of entries.keys()) if (key.startsWith(prefix)) entries.delete(key);
      }
    },
  };
}

/** GitHub's names ignore case. */
function pullRequestKey({ owner, name }: RepositoryRef, number: number): string {
  return `${owner}/${name}#${number}`.toLowerCase();
}

/** One asker who gives up must not take the answer from the others. */
function detached(client: GitHubClient): GitHubClient {
  return {
    ...client,
    send: (route, parameters, options) => client.send(route, parameters, { ...options, detached: true }),
  };
}
