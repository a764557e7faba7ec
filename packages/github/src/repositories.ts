import { z } from "zod";
import { fetchOne } from "./answers.ts";
import type { GitHubClient } from "./client.ts";
import { GitHubNotFound } from "./errors.ts";

/** A repository by its name, which may change; GitHub's id does not. */
export interface RepositoryRef {
  readonly owner: string;
  readonly name: string;
}

export interface Repository {
  readonly id: number;
  /** `owner/name` */
  readonly fullName: string;
  readonly owner: string;
  readonly name: string;
  readonly private: boolean;
  readonly archived: boolean;
  readonly defaultBranch: string;
  /** What the client's user may do; all false where GitHub does not say. */
  readonly permissions: { readonly admin: boolean; readonly push: boolean; readonly pull: boolean };
  /** Its page for people. */
  readonly url: string;
}

const repositorySchema = z
  .object({
    id: z.int().positive(),
    full_name: z.string(),
    owner: z.object({ login: z.string() }),
    name: z.string(),
    private: z.boolean(),
    archived: z.boolean().default(false),
    default_branch: z.string(),
    permissions: z.object({ admin: z.boolean(), push: z.boolean(), pull: z.boolean() }).optional(),
    html_url: z.url({ protocol: /^https?$/ }),
  })
  .transform((r): Repository => ({
    id: r.id,
    fullName: r.full_name,
    owner: r.owner.login,
    name: r.name,
    private: r.private,
    archived: r.archived,
    defaultBranch: r.default_branch,
    permissions: r.permissions ?? { admin: false, push: false, pull: false },
    url: r.html_url,
  }));

/**
 * The route parameters of a repository. Names come from addresses that people type, and `..` would lead
 * the request to another route, so a name that GitHub could not have given is refused here.
 *
 * @throws GitHubNotFound
 */
export function routeOf({ owner, name }: RepositoryRef): { owner: string; repo: string } {
  for (const part of [owner, name]) {
    if (!/^[\w.-]{1,100}$/.test(part) || part === "." || part === "..") {
      throw new GitHubNotFound("GitHub has no repository of such a name");
    }
  }
  return { owner, repo: name };
}

/** One page (100) of the repositories that the user owns, collaborates on or sees through an organization, last pushed first. */
export function listRepositories(
  client: GitHubClient,
  { page = 1 }: { page?: number } = {},
): Promise<Repository[]> {
  return fetchOne(client, z.array(repositorySchema), "GET /user/repos", {
    affiliation: "owner,collaborator,organization_member",
    sort: "pushed",
    per_page: 100,
    page,
  });
}

/** A repository as the client's user sees it; an old name leads to the renamed one. */
export async function getRepository(client: GitHubClient, repo: RepositoryRef): Promise<Repository> {
  return fetchOne(client, repositorySchema, "GET /repos/{owner}/{repo}", routeOf(repo));
}

/** A repository by GitHub's id, whatever it is called now. GitHub's own redirects after a rename lead to this route. */
export async function getRepositoryById(client: GitHubClient, id: number): Promise<Repository> {
  return fetchOne(client, repositorySchema, "GET /repositories/{id}", { id });
}
