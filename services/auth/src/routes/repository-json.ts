import type { Db } from "@nectr/db";
import type { Repository } from "@nectr/github";
import { z } from "zod";
import { type DeliveryState, deliveryStates } from "../delivery-queries.ts";
import { type ConnectedUser, connectedUsers } from "../installation-store.ts";

/** A repository as the API shows it. */
export const repositorySchema = z
  .object({
    id: z.int().meta({ description: "GitHub's id, which survives renames and transfers" }),
    full_name: z.string(),
    owner: z.string(),
    name: z.string(),
    private: z.boolean(),
    archived: z.boolean(),
    default_branch: z.string(),
    url: z.string(),
    permission: z.enum(["admin", "write", "read"]),
    connected: z.boolean().meta({ description: "Whether the signed-in person is connected" }),
    connected_by: z.array(z.string()).meta({ description: "Logins of all who are, the longest first" }),
    deliveries: z
      .object({
        complete_at: z
          .date()
          .nullable()
          .meta({ description: "When GitHub's list was last looked through and nothing was missing" }),
        recovered: z
          .int()
          .meta({ description: "Gaps closed in 30 days: failed deliveries that came when asked for again" }),
        missing: z
          .int()
          .meta({ description: "Failed deliveries that were asked for again, and are not here" }),
      })
      .nullable()
      .meta({ description: "Of the webhook; null where nobody is connected, or the repository is polled" }),
  })
  .meta({ id: "Repository" });

/** The repository in a path, by its name. */
export const repositoryPath = z.object({
  owner: z.string().regex(/^[\w.-]{1,100}$/),
  repo: z.string().regex(/^[\w.-]{1,100}$/),
});

/** Which repository a row belongs to, under its present name. */
export const repositoryLinkSchema = z.object({ id: z.int(), full_name: z.string() });

export function repositoryLink({ id, fullName }: Repository): z.input<typeof repositoryLinkSchema> {
  return { id, full_name: fullName };
}

/**
 * Reads what we know of these repositories.
 * @returns how GitHub's words for one of them, and ours, make the API's.
 */
export async function repositoryPresenter(
  db: Db,
  repositoryIds: readonly number[],
  userId: number,
): Promise<(repository: Repository) => z.input<typeof repositorySchema>> {
  const [connections, deliveries] = await Promise.all([
    connectedUsers(db, repositoryIds),
    deliveryStates(db, repositoryIds),
  ]);
  const connected = Map.groupBy(connections, ({ repositoryId }) => repositoryId);
  return (repository) =>
    repositoryJson(repository, {
      connected: connected.get(repository.id) ?? [],
      deliveries: deliveries.get(repository.id),
      userId,
    });
}

interface Known {
  readonly connected: readonly ConnectedUser[];
  readonly deliveries: DeliveryState | undefined;
  readonly userId: number;
}

function repositoryJson(
  repository: Repository,
  { connected, deliveries, userId }: Known,
): z.input<typeof repositorySchema> {
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
    connected: connected.some((one) => one.userId === userId),
    connected_by: connected.map(({ login }) => login),
    deliveries:
      deliveries === undefined || connected.length === 0
        ? null
        : {
            complete_at: deliveries.completeAt,
            recovered: deliveries.recovered,
            missing: deliveries.missing,
          },
  };
}

function permissionOf({ permissions }: Repository): "admin" | "write" | "read" {
  if (permissions.admin) return "admin";
  return permissions.push ? "write" : "read";
}
