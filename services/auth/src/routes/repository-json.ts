import type { Repository } from "@nectr/github";
import type { ConnectedUser } from "../repository-store.ts";

/** A repository as the API shows it. @param connected who is connected to it */
export function repositoryJson(repository: Repository, connected: readonly ConnectedUser[], userId: number) {
  return {
    id: repository.id,
    full_name: repository.fullName,
    owner: repository.owner,
    name: repository.name,
    private: repository.private,
    archived: repository.archived,
    default_branch: repository.defaultBranch,
    url: repository.url,
    permission: permissionOf(repository),
    /** Whether this user is connected. */
    connected: connected.some((one) => one.userId === userId),
    /** Logins of all who are, the longest first. */
    connected_by: connected.map(({ login }) => login),
  };
}

function permissionOf({ permissions }: Repository): "admin" | "write" | "read" {
  if (permissions.admin) return "admin";
  return permissions.push ? "write" : "read";
}
