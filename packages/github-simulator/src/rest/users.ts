import { presentFullRepository, presentPermissions, presentRepository } from "../present/repository.ts";
import { presentPrivateUser, presentPublicUser, presentUser } from "../present/user.ts";
import { notFound } from "../problem.ts";
import { fullNameOf, permissionOf, userByLogin } from "../state/lookups.ts";
import type { RepositoryRecord, UserRecord } from "../state/model.ts";
import { type Call, type Route, hasScope, ok, requireTarget, requireViewer } from "./call.ts";
import { pageOf } from "./pages.ts";

/** The signed-in user, their repositories, and single repositories. */
export const userRoutes: readonly Route[] = [
  ["get", "/user", (call) => ok(presentPrivateUser(call.world, requireViewer(call).user))],
  ["get", "/user/emails", listEmails],
  ["get", "/user/repos", listRepositories],
  ["get", "/users/:login", getUser],
  ["get", "/repos/:owner/:repo", getRepository],
  ["get", "/repos/:owner/:repo/collaborators/:login/permission", getPermission],
];

function listEmails(call: Call) {
  const { user, token } = requireViewer(call);
  if (!hasScope(token, "user:email")) throw notFound();
  return ok([{ email: user.email, primary: true, verified: true, visibility: "private" }]);
}

function getUser(call: Call) {
  const user = userByLogin(call.world.store.state, call.params["login"] ?? "");
  if (!user) throw notFound();
  return ok(presentPublicUser(call.world, user));
}

async function listRepositories(call: Call) {
  const { user, token } = requireViewer(call);
  const { state } = call.world.store;
  const visibility = call.query.get("visibility") ?? call.query.get("type") ?? "all";
  const affiliation = (call.query.get("affiliation") ?? "owner,collaborator,organization_member").split(",");
  const mine = state.repositories.filter((repository) => {
    if (repository.private && !hasScope(token, "repo")) return false;
    if (visibility === "public" && repository.private) return false;
    if (visibility === "private" && !repository.private) return false;
    return affiliation.includes(affiliationOf(repository, user) ?? "none");
  });
  const { items, headers } = pageOf(call, mine.sort(orderOf(call)));
  return ok(await Promise.all(items.map((item) => presentRepository(call.world, item, user))), headers);
}

function affiliationOf(repository: RepositoryRecord, user: UserRecord): "owner" | "collaborator" | undefined {
  if (repository.ownerId === user.id) return "owner";
  return repository.members[String(user.id)] ? "collaborator" : undefined;
}

function orderOf(call: Call): (a: RepositoryRecord, b: RepositoryRecord) => number {
  const { state } = call.world.store;
  const sort = call.query.get("sort") ?? "full_name";
  const key = (repository: RepositoryRecord) => {
    if (sort === "created") return repository.createdAt;
    if (sort === "updated" || sort === "pushed") return repository.pushedAt;
    return fullNameOf(state, repository).toLowerCase();
  };
  const direction = call.query.get("direction") ?? (sort === "full_name" ? "asc" : "desc");
  const sign = direction === "asc" ? 1 : -1;
  return (a, b) => sign * (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : a.id - b.id);
}

async function getRepository(call: Call) {
  const { repository } = requireTarget(call);
  return ok(await presentFullRepository(call.world, repository, call.viewer?.user));
}

function getPermission(call: Call) {
  const { repository } = requireTarget(call);
  requireViewer(call);
  const user = userByLogin(call.world.store.state, call.params["login"] ?? "");
  if (!user) throw notFound();
  const permission = permissionOf(repository, user);
  const role = permission ?? "none";
  return ok({
    permission: role,
    role_name: role,
    user: {
      ...presentUser(call.world, user),
      permissions: presentPermissions(permission),
      role_name: role,
    },
  });
}
