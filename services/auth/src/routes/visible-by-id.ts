import { ReconnectNeeded, tokenStateOf } from "@nectr/accounts";
import type { UserRow } from "@nectr/db";
import type { Repository } from "@nectr/github";
import type { AuthContext } from "../context.ts";

type Visible = ReadonlyMap<number, Repository>;

/**
 * What the user may see at GitHub, as it was two minutes ago at most. Rows of other repositories do not exist for them.
 *
 * @throws ReconnectNeeded where GitHub refuses their token, whatever it showed before
 */
export async function visibleTo(
  { accounts, visible }: Pick<AuthContext, "accounts" | "visible">,
  user: UserRow,
): Promise<readonly Repository[]> {
  if (tokenStateOf(accounts, user) !== "active") throw new ReconnectNeeded(user.id);
  return visible.list(user.id);
}

/** The same, by GitHub's id. */
export async function visibleById(
  context: Pick<AuthContext, "accounts" | "visible">,
  user: UserRow,
): Promise<Visible> {
  const repositories = await visibleTo(context, user);
  return new Map(repositories.map((repository) => [repository.id, repository]));
}

/** The repository of a row. @throws Error where it is none of them: the row's query did not ask for what is visible */
export function repositoryOf(visible: Visible, id: number | null): Repository {
  const repository = id === null ? undefined : visible.get(id);
  if (!repository) throw new Error(`a row of repository ${id} was read for somebody who may not see it`);
  return repository;
}
