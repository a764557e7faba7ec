import {
  getIssue,
  GitHubError,
  GitHubRateLimited,
  GitHubUnauthorized,
  listDirectory,
  listFileHistory,
  searchCode,
} from "@nectr/github";
import type { RepositoryTools } from "@nectr/model";
import type { TextCache } from "./repository-texts.ts";
import type { ReviewContext } from "./stages/review-context.ts";
import {
  describeDirectory,
  describeHistory,
  describeIssue,
  describePlaces,
  findPlaces,
  searchable,
} from "./tool-answers.ts";

/** The tools that look into the repository itself. */
export type HeadTools = Required<
  Pick<RepositoryTools, "readFile" | "searchCode" | "listDirectory" | "fileHistory" | "getIssue">
>;

/** Commits of a file's history at most. */
const mostCommits = 10;

/**
 * What a model may look at in one review: the pull request's own repository, as it is at the head, and its issues. Each
 * thing is asked of GitHub once. Paths may be any text: one that git could not hold is never asked for.
 *
 * @param changedPaths files that the pull request changes, through which a search looks at the head itself: GitHub's own
 * search knows the default branch alone
 */
export function createRepositoryTools(
  { texts }: { readonly texts: TextCache },
  { account, ref, repository, pull }: Pick<ReviewContext, "account" | "ref" | "repository" | "pull">,
  changedPaths: readonly string[],
): HeadTools {
  const { client } = account;
  const { sha } = pull.head;
  const once = createMemory();
  const readAll = (paths: readonly string[]) =>
    texts.read(account, { ref, repositoryId: repository.id, sha, paths });
  /** By now the review itself has read most of them. */
  const changed = () => once("changed", () => readAll(changedPaths));
  let searchAgainAt = 0;

  /** Files of the default branch that may have it; a sentence where GitHub's search does not serve. */
  async function candidates(text: string): Promise<readonly string[] | { readonly unsearched: string }> {
    if (Date.now() < searchAgainAt) return { unsearched: searchUsedUp };
    try {
      return (await searchCode(client, ref, text)).map(({ path }) => path);
    } catch (error) {
      if (!(error instanceof GitHubError) || error instanceof GitHubUnauthorized) throw error;
      if (error instanceof GitHubRateLimited) searchAgainAt = error.retryAt.getTime();
      return { unsearched: error instanceof GitHubRateLimited ? searchUsedUp : searchAway };
    }
  }

  async function search(text: string): Promise<string | undefined> {
    const inChanged = await changed();
    const found = await candidates(text);
    const elsewhere = "unsearched" in found ? [] : found.filter((path) => !inChanged.has(path));
    const atHead = elsewhere.length === 0 ? new Map<string, string>() : await readAll(elsewhere);
    const places = [...findPlaces(inChanged, text), ...findPlaces(atHead, text)];
    return describePlaces(places, "unsearched" in found ? found.unsearched : undefined);
  }

  return {
    readFile(said) {
      const path = fromRoot(said);
      return once(`file ${path}`, async () => (await readAll([path])).get(path));
    },
    async searchCode(query) {
      const text = searchable(query);
      return text === undefined ? undefined : await once(`search ${text}`, () => search(text));
    },
    listDirectory(said) {
      const path = fromRoot(said);
      return once(`directory ${path}`, async () =>
        describeDirectory(await listDirectory(client, ref, path, sha)),
      );
    },
    fileHistory(said) {
      const path = fromRoot(said);
      return once(`history ${path}`, async () =>
        describeHistory(await listFileHistory(client, ref, path, sha, { limit: mostCommits })),
      );
    },
    async getIssue(number) {
      if (!Number.isSafeInteger(number) || number < 1) return undefined;
      // Of this repository alone: whoever reads the review may read them too.
      return await once(`issue ${number}`, async () => describeIssue(await getIssue(client, ref, number)));
    },
  };
}

const searchUsedUp =
  "Only the changed files were searched: GitHub allows no more searches for the moment. Read files instead.";
const searchAway =
  "Only the changed files were searched: GitHub does not search this repository. Read files instead.";

/** `./src/`, `/src` and `src` are one; whatever else is no path of git's stays as it is, and leads nowhere. */
function fromRoot(path: string): string {
  return path
    .replace(/^(?:\.?\/+)+/, "")
    .replace(/\/+$/, "")
    .replace(/^\.$/, "");
}

/** Asks each question once; who asks meanwhile shares the answer, and one that failed may be asked again. */
function createMemory() {
  const answers = new Map<string, Promise<unknown>>();
  return async <T>(question: string, ask: () => Promise<T>): Promise<T> => {
    const known = answers.get(question) as Promise<T> | undefined;
    if (known !== undefined) return await known;
    const asking = ask();
    answers.set(question, asking);
    try {
      return await asking;
    } catch (error) {
      answers.delete(question);
      throw error;
    }
  };
}
