import type { UserRow } from "@nectr/db";
import type { Repository } from "@nectr/github";
import { z } from "zod";
import type { AuthContext } from "../context.ts";

type Visible = ReadonlyMap<number, Repository>;

/**
 * What the user may see at GitHub, as it was two minutes ago at most, by GitHub's id. Rows of other repositories do
 * not exist for them.
 */
export async function visibleById(
  { visible }: Pick<AuthContext, "visible">,
  user: UserRow,
): Promise<Visible> {
  const repositories = await visible.list(user.id);
  return new Map(repositories.map((repository) => [repository.id, repository]));
}

/** Which repository a row belongs to, under its present name. */
export const repositoryLinkSchema = z.object({ id: z.int(), full_name: z.string() });

/** @throws Error where the row is of none of them: its query did not ask for what is visible */
export function repositoryLink(visible: Visible, id: number | null): z.input<typeof repositoryLinkSchema> {
  const repository = id === null ? undefined : visible.get(id);
  if (!repository) throw new Error(`a row of repository ${id} was read for somebody who may not see it`);
  return { id: repository.id, full_name: repository.fullName };
}
