import type { Repository } from "@nectr/github";
import { z } from "zod";
import type { ConnectedUser } from "../installation-store.ts";

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

/** @param connected who is connected to it */
export function repositoryJson(
  repository: Repository,
  connected: readonly ConnectedUser[],
  userId: number,
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
  };
}

function permissionOf({ permissions }: Repository): "admin" | "write" | "read" {
  if (permissions.admin) return "admin";
  return permissions.push ? "write" : "read";
}
