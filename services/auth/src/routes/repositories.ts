import type { Repository } from "@nectr/github";
import { z } from "zod";
import type { AuthContext } from "../context.ts";
import { connectedUsers } from "../installation-store.ts";
import { queryNumber } from "../paging.ts";
import { type Operation, type Route, route } from "./api/operation.ts";
import { repositoryPresenter, repositorySchema } from "./repository-json.ts";
import { visibleTo } from "./visible-by-id.ts";

const pageSize = 30;

const listRepositories = {
  id: "listRepositories",
  method: "get",
  path: "/api/v1/repos",
  tag: "Repositories",
  summary: "All that the person may see at GitHub, organizations included",
  description: "Those first that they are connected to, then the last pushed.",
  session: true,
  query: z.object({
    search: z.string().trim().max(200).default("").meta({ description: "Words of the full name" }),
    page: queryNumber(1, 1000, 1),
  }),
  answers: {
    200: {
      description: `A page of ${pageSize}`,
      schema: z.object({
        repositories: z.array(repositorySchema),
        page: z.int(),
        pages: z.int(),
        total: z.int(),
      }),
    },
  },
  github: true,
} satisfies Operation;

export function repositoryRoute(context: AuthContext): Route {
  return route(context, listRepositories, async ({ session: { user }, query: { search, page } }) => {
    const found = (await visibleTo(context, user)).filter((repository) => matches(repository, search));
    const ids = found.map(({ id }) => id);
    const connected = await connectedUsers(context.db, ids);
    const mine = new Set(
      connected.filter(({ userId }) => userId === user.id).map(({ repositoryId }) => repositoryId),
    );
    const ordered = [...found.filter(({ id }) => mine.has(id)), ...found.filter(({ id }) => !mine.has(id))];
    const shown = ordered.slice((page - 1) * pageSize, page * pageSize);
    const shownIds = shown.map(({ id }) => id);
    const present = await repositoryPresenter(context.db, shownIds, user.id);
    return {
      repositories: shown.map(present),
      page,
      pages: Math.max(1, Math.ceil(found.length / pageSize)),
      total: found.length,
    };
  });
}

/** Whether every word is in the name. */
function matches({ fullName }: Repository, search: string): boolean {
  const name = fullName.toLowerCase();
  return search
    .toLowerCase()
    .split(/\s+/)
    .every((word) => name.includes(word));
}
