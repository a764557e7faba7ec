import { type World, gitDir } from "../world.ts";
import { defaultBranch } from "../git/refs.ts";
import { fullNameOf, permissionOf, repositoryById, userById } from "../state/lookups.ts";
import type { Permission, RepositoryRecord, UserRecord } from "../state/model.ts";
import { type Json, apiUrl, nodeId, pageUrl } from "./links.ts";
import { presentUser } from "./user.ts";

/** What GitHub says of a repository in lists, in pull requests and in webhooks, `permissions` included. */
export async function presentRepository(
  world: World,
  repository: RepositoryRecord,
  viewer?: UserRecord,
): Promise<Json> {
  const { state } = world.store;
  const fullName = fullNameOf(state, repository);
  const openIssues = state.issues.filter(
    (i) => i.repositoryId === repository.id && i.state === "open",
  ).length;
  return {
    id: repository.id,
    node_id: nodeId("Repository", repository.id),
    name: repository.name,
    full_name: fullName,
    private: repository.private,
    owner: presentUser(world, userById(state, repository.ownerId)),
    html_url: pageUrl(world, repository),
    description: null,
    fork: repository.forkOf !== null,
    ...addresses(world, repository),
    created_at: repository.createdAt,
    updated_at: repository.pushedAt,
    pushed_at: repository.pushedAt,
    homepage: null,
    size: 0,
    stargazers_count: 0,
    watchers_count: 0,
    language: null,
    has_issues: true,
    has_projects: false,
    has_downloads: true,
    has_wiki: false,
    has_pages: false,
    has_discussions: false,
    forks_count: 0,
    mirror_url: null,
    archived: false,
    disabled: false,
    open_issues_count: openIssues,
    license: null,
    allow_forking: true,
    is_template: false,
    web_commit_signoff_required: false,
    topics: [],
    visibility: repository.private ? "private" : "public",
    forks: 0,
    open_issues: openIssues,
    watchers: 0,
    default_branch: await defaultBranch(gitDir(world, repository)),
    ...(viewer ? { permissions: presentPermissions(permissionOf(repository, viewer)) } : {}),
  };
}

/** GitHub's `full-repository`. */
export async function presentFullRepository(
  world: World,
  repository: RepositoryRecord,
  viewer?: UserRecord,
): Promise<Json> {
  const parent =
    repository.forkOf === null ? undefined : repositoryById(world.store.state, repository.forkOf);
  const origin = parent ? await presentRepository(world, parent, viewer) : undefined;
  return {
    ...(await presentRepository(world, repository, viewer)),
    ...(origin ? { parent: origin, source: origin } : {}),
    subscribers_count: 0,
    network_count: 0,
  };
}

/** What a permission allows, as GitHub lists it; undefined: nothing. */
export function presentPermissions(permission: Permission | undefined): Json {
  const admin = permission === "admin";
  const push = admin || permission === "write";
  return { admin, maintain: admin, push, triage: push, pull: permission !== undefined };
}

/** Every address that GitHub lists with a repository, most of which lead nowhere here. */
function addresses(world: World, repository: RepositoryRecord): Json {
  const url = apiUrl(world, repository);
  const page = pageUrl(world, repository);
  return {
    url,
    forks_url: `${url}/forks`,
    keys_url: `${url}/keys{/key_id}`,
    collaborators_url: `${url}/collaborators{/collaborator}`,
    teams_url: `${url}/teams`,
    hooks_url: `${url}/hooks`,
    issue_events_url: `${url}/issues/events{/number}`,
    events_url: `${url}/events`,
    assignees_url: `${url}/assignees{/user}`,
    branches_url: `${url}/branches{/branch}`,
    tags_url: `${url}/tags`,
    blobs_url: `${url}/git/blobs{/sha}`,
    git_tags_url: `${url}/git/tags{/sha}`,
    git_refs_url: `${url}/git/refs{/sha}`,
    trees_url: `${url}/git/trees{/sha}`,
    statuses_url: `${url}/statuses/{sha}`,
    languages_url: `${url}/languages`,
    stargazers_url: `${url}/stargazers`,
    contributors_url: `${url}/contributors`,
    subscribers_url: `${url}/subscribers`,
    subscription_url: `${url}/subscription`,
    commits_url: `${url}/commits{/sha}`,
    git_commits_url: `${url}/git/commits{/sha}`,
    comments_url: `${url}/comments{/number}`,
    issue_comment_url: `${url}/issues/comments{/number}`,
    contents_url: `${url}/contents/{+path}`,
    compare_url: `${url}/compare/{base}...{head}`,
    merges_url: `${url}/merges`,
    archive_url: `${url}/{archive_format}{/ref}`,
    downloads_url: `${url}/downloads`,
    issues_url: `${url}/issues{/number}`,
    pulls_url: `${url}/pulls{/number}`,
    milestones_url: `${url}/milestones{/number}`,
    notifications_url: `${url}/notifications{?since,all,participating}`,
    labels_url: `${url}/labels{/name}`,
    releases_url: `${url}/releases{/id}`,
    deployments_url: `${url}/deployments`,
    git_url: `${page}.git`,
    ssh_url: `${page}.git`,
    clone_url: `${page}.git`,
    svn_url: page,
  };
}
