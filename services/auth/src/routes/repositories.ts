import { parseRequest, wholeNumber } from "@nectr/service";
import type { Repository } from "@nectr/github";
import { Router } from "express";
import { z } from "zod";
import type { AuthContext } from "../context.ts";
import { type ConnectedUser, connectedUsers } from "../repository-store.ts";
import { repositoryJson } from "./repository-json.ts";
import { requireSession } from "./session.ts";

const pageSize = 30;

const querySchema = z.object({
  search: z.string().trim().max(200).default(""),
  page: wholeNumber(1, 1000).default(1),
});

/** `GET /api/v1/repos`: all that the user may see at GitHub, those first that they are connected to. */
export function repositoryRoutes(context: AuthContext): Router {
  const router = Router();

  router.get("/api/v1/repos", async (request, response) => {
    const { user } = await requireSession(context, request);
    const { search, page } = parseRequest(querySchema, request.query);
    const found = (await context.visible.list(user.id)).filter((repository) => matches(repository, search));
    const ids = found.map(({ id }) => id);
    const connections = byRepository(await connectedUsers(context.db, ids));
    const isMine = ({ id }: Repository) =>
      (connections.get(id) ?? []).some(({ userId }) => userId === user.id);
    const ordered = [...found.filter(isMine), ...found.filter((repository) => !isMine(repository))];
    response.json({
      repositories: ordered
        .slice((page - 1) * pageSize, page * pageSize)
        .map((repository) => repositoryJson(repository, connections.get(repository.id) ?? [], user.id)),
      page,
      pages: Math.max(1, Math.ceil(found.length / pageSize)),
      total: found.length,
    });
  });

  return router;
}

/** Whether every word is in the name. */
function matches({ fullName }: Repository, search: string): boolean {
  const name = fullName.toLowerCase();
  return search
    .toLowerCase()
    .split(/\s+/)
    .every((word) => name.includes(word));
}

function byRepository(connected: readonly ConnectedUser[]): Map<number, ConnectedUser[]> {
  return Map.groupBy(connected, ({ repositoryId }) => repositoryId);
}
