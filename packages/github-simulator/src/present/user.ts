import type { World } from "../world.ts";
import type { UserRecord } from "../state/model.ts";
import { type Json, nodeId } from "./links.ts";

/** GitHub's `simple-user`. */
export function presentUser(world: World, user: UserRecord): Json {
  const url = `${world.url}/users/${user.login}`;
  return {
    login: user.login,
    id: user.id,
    node_id: nodeId("User", user.id),
    avatar_url: `${world.url}/_avatars/${user.login}.svg`,
    gravatar_id: "",
    url,
    html_url: `${world.url}/${user.login}`,
    followers_url: `${url}/followers`,
    following_url: `${url}/following{/other_user}`,
    gists_url: `${url}/gists{/gist_id}`,
    starred_url: `${url}/starred{/owner}{/repo}`,
    subscriptions_url: `${url}/subscriptions`,
    organizations_url: `${url}/orgs`,
    repos_url: `${url}/repos`,
    events_url: `${url}/events{/privacy}`,
    received_events_url: `${url}/received_events`,
    type: user.type,
    user_view_type: "public",
    site_admin: false,
  };
}

/** GitHub's `public-user`: what others see of a user. */
export function presentPublicUser(world: World, user: UserRecord): Json {
  const owned = world.store.state.repositories.filter((repository) => repository.ownerId === user.id);
  return {
    ...presentUser(world, user),
    name: user.name,
    company: null,
    blog: "",
    location: null,
    email: null,
    hireable: null,
    bio: null,
    twitter_username: null,
    public_repos: owned.filter((repository) => !repository.private).length,
    public_gists: 0,
    followers: 0,
    following: 0,
    created_at: user.createdAt,
    updated_at: user.createdAt,
  };
}

/** GitHub's `private-user`: what users see of themselves. */
export function presentPrivateUser(world: World, user: UserRecord): Json {
  const { repositories } = world.store.state;
  const hidden = repositories.filter((repository) => repository.ownerId === user.id && repository.private);
  return {
    ...presentPublicUser(world, user),
    user_view_type: "private",
    email: user.email,
    private_gists: 0,
    total_private_repos: hidden.length,
    owned_private_repos: hidden.length,
    disk_usage: 0,
    collaborators: 0,
    two_factor_authentication: true,
  };
}
