import { fullNameOf, userById } from "../state/lookups.ts";
import type { RepositoryRecord, UserRecord } from "../state/model.ts";
import type { World } from "../world.ts";
import { claimName, requireFreeName } from "./create-repository.ts";

/**
 * Renames a repository or gives it to another owner. Its former name leads to it until a repository takes that name.
 * Who gave it away stays a collaborator, in an organization an admin. Throws where the new name is taken or is none.
 */
export function moveRepository(
  world: World,
  repository: RepositoryRecord,
  to: { readonly name?: string; readonly owner?: UserRecord },
): void {
  const { state } = world.store;
  const formerOwner = userById(state, repository.ownerId);
  const { name = repository.name, owner = formerOwner } = to;
  requireFreeName(state, owner.login, name, repository);
  repository.formerNames.push(fullNameOf(state, repository).toLowerCase());
  claimName(state, `${owner.login}/${name}`);
  Object.assign(repository, { name, ownerId: owner.id });
  if (owner !== formerOwner) {
    repository.members[String(formerOwner.id)] = owner.type === "Organization" ? "admin" : "write";
  }
  world.store.save();
}
