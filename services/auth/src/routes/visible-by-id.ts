import type { UserRow } from "@nectr/db";
import type { Repository } from "@nectr/github";
import type { AuthContext } from "../context.ts";

/**
 * What the user may see at GitHub, as it was two minutes ago at most, by GitHub's id. Rows of other repositories do
 * not exist for them.
 */
export async function visibleById(
  { visible }: Pick<AuthContext, "visible">,
  user: UserRow,
): Promise<ReadonlyMap<number, Repository>> {
  const repositories = await visible.list(user.id);
  return new Map(repositories.map((repository) => [repository.id, repository]));
}
