import { z } from "zod";
import type { AuthContext } from "../context.ts";
import { listEvents } from "../event-queries.ts";
import { pageQuery, readPage } from "../paging.ts";
import { type Operation, type Route, route } from "./api/operation.ts";
import { repositoryLink, repositoryLinkSchema } from "./repository-json.ts";
import { repositoryOf, visibleById } from "./visible-by-id.ts";

const eventSchema = z
  .object({
    event_id: z.uuid(),
    delivery_guid: z.string(),
    event: z.string(),
    action: z.string().nullable(),
    repository: repositoryLinkSchema,
    number: z.int().nullable(),
    head_sha: z.string().nullable(),
    status: z.enum(["pending", "processing", "completed", "failed", "superseded", "duplicate", "ignored"]),
    reason: z.string().nullable(),
    duplicate_of: z.uuid().nullable(),
    attempts: z.int(),
    error: z.string().nullable(),
    received_at: z.date(),
    finished_at: z.date().nullable(),
  })
  .meta({ id: "Event" });

const list = {
  id: "listEvents",
  method: "get",
  path: "/api/v1/events",
  tag: "Reviews",
  summary: "What GitHub told of the repositories, and what became of it",
  session: true,
  query: pageQuery,
  answers: {
    200: {
      description: "Newest first",
      schema: z.object({ events: z.array(eventSchema), next: z.uuid().nullable() }),
    },
  },
  github: true,
} satisfies Operation;

export function eventRoute(context: AuthContext): Route {
  return route(context, list, async ({ session: { user }, query: { cursor, limit } }) => {
    const visible = await visibleById(context, user);
    const { page, next } = await readPage(
      (one) => listEvents(context.db, one),
      { repositoryIds: [...visible.keys()], before: cursor, limit },
      (event) => event.event_id,
    );
    const events = page.map(({ repository_id: id, ...event }) => ({
      ...event,
      repository: repositoryLink(repositoryOf(visible, id)),
    }));
    return { events, next };
  });
}
