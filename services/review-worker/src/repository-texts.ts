import type { RepositoryClient } from "@nectr/accounts";
import { readTexts, type RepositoryRef } from "@nectr/github";
import { LRUCache } from "lru-cache";

/** Files of a repository as they are at a commit. */
export interface TextsAtCommit {
  readonly ref: RepositoryRef;
  readonly repositoryId: number;
  readonly sha: string;
  readonly paths: readonly string[];
}

/** Texts of commits, which never change, remembered over the reviews of this process. */
export interface TextCache {
  /**
   * Texts by path; of all that is not remembered GitHub is asked at once. A path without a text to read is absent.
   *
   * @param account whoever's review it is. What one of them was shown, no other is: each has texts of their own here. And
   * a review begins by reading its pull request as that account, so that one that lost its access does not come to ask.
   */
  read(
    account: Pick<RepositoryClient, "client" | "githubId">,
    wanted: TextsAtCommit,
  ): Promise<ReadonlyMap<string, string>>;
}

/** What an entry weighs besides its characters. */
const entryBytes = 200;

/** @param maxBytes of memory, about; the longest unused goes first */
export function createTextCache({ maxBytes }: { readonly maxBytes: number }): TextCache {
  const remembered = new LRUCache<string, { readonly text: string | undefined }>({
    maxSize: maxBytes,
    sizeCalculation: ({ text = "" }, key) => entryBytes + 2 * (key.length + text.length),
  });

  return {
    async read({ client, githubId }, { ref, repositoryId, sha, paths }) {
      const keyOf = (path: string) => `${githubId} ${repositoryId} ${sha} ${path}`;
      const entries = new Map(paths.map((path) => [path, remembered.get(keyOf(path))]));
      const unknown = [...entries].flatMap(([path, entry]) => (entry === undefined ? [path] : []));
      if (unknown.length > 0) {
        const there = (await readTexts(client, ref, [{ ref: sha, paths: unknown }])).get(sha);
        for (const path of unknown) {
          const entry = { text: there?.get(path) };
          entries.set(path, entry);
          // Of a commit that GitHub shows nothing of, as it may be just after a push, nothing is known.
          if (there !== undefined) remembered.set(keyOf(path), entry);
        }
      }
      return new Map(
        [...entries].flatMap(([path, entry]) => (entry?.text === undefined ? [] : [[path, entry.text]])),
      );
    },
  };
}
