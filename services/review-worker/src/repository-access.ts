import { type AccountsDeps, clientsForRepository, type RepositoryClient } from "@nectr/accounts";
import {
  getRepositoryById,
  type GitHubClient,
  GitHubForbidden,
  GitHubNotFound,
  GitHubUnauthorized,
  type RepositoryRef,
} from "@nectr/github";
import type { RepositoryKey } from "./pull-request-store.ts";

/** What GitHub says to those whom it shows nothing. */
export type Refusal = GitHubUnauthorized | GitHubForbidden | GitHubNotFound;

export function isRefusal(error: unknown): error is Refusal {
  return (
    error instanceof GitHubUnauthorized || error instanceof GitHubForbidden || error instanceof GitHubNotFound
  );
}

/**
 * Does `work` as the first of those who are connected whom GitHub does not refuse. Whose token it refuses is paused.
 *
 * @throws Refusal of the last one, where it refuses them all
 * @throws ReconnectNeeded where nobody has a token, and whatever else `work` throws
 */
export async function asFirstAdmitted<T>(
  accounts: AccountsDeps,
  repositoryId: number,
  work: (account: RepositoryClient) => Promise<T>,
): Promise<T> {
  let refusal: unknown;
  for await (const account of clientsForRepository(accounts, repositoryId)) {
    try {
      return await work(account);
    } catch (error) {
      if (!isRefusal(error)) throw error;
      if (error instanceof GitHubUnauthorized) await account.refused();
      refusal = error;
    }
  }
  throw refusal;
}

/** An answer that says whose it is. */
interface RepositoryAnswer {
  readonly repositoryId: number;
  /** As the repository is called now. */
  readonly fullName: string;
}

/**
 * Reads from a repository by the name that we know it under. Where that leads to nothing, or to another repository
 * that has taken the name since, it is looked up by its id and read by the name that it has now.
 *
 * @throws GitHubNotFound where GitHub shows no repository of this id
 */
export async function readRepository<T extends RepositoryAnswer>(
  client: GitHubClient,
  { id, fullName }: RepositoryKey,
  read: (ref: RepositoryRef) => Promise<T>,
): Promise<T> {
  const readItsOwn = async (name: string): Promise<T> => {
    const answer = await read(refOf(name));
    if (answer.repositoryId === id) return answer;
    throw new GitHubNotFound(`${name} is another repository now`);
  };
  try {
    return await readItsOwn(fullName);
  } catch (refusal) {
    if (!(refusal instanceof GitHubNotFound || refusal instanceof GitHubForbidden)) throw refusal;
    const present = await presentName(client, id);
    if (present === undefined || present.toLowerCase() === fullName.toLowerCase()) throw refusal;
    return await readItsOwn(present);
  }
}

async function presentName(client: GitHubClient, id: number): Promise<string | undefined> {
  try {
    return (await getRepositoryById(client, id)).fullName;
  } catch (error) {
    if (error instanceof GitHubNotFound || error instanceof GitHubForbidden) return undefined;
    throw error;
  }
}

/** @param fullName `owner/name` */
export function refOf(fullName: string): RepositoryRef {
  const [owner = "", name = ""] = fullName.split("/");
  return { owner, name };
}
