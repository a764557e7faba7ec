import { parseRequest } from "@nectr/service";
import { Router } from "express";
import type { AuthContext } from "../context.ts";
import { listEvents } from "../event-queries.ts";
import { pageQuery, readPage } from "../paging.ts";
import { requireSession } from "./session.ts";
import { visibleById } from "./visible-by-id.ts";

/** `GET /api/v1/events`: what GitHub delivered for repositories that the user may see there now. */
export function eventRoutes(context: AuthContext): Router {
  const router = Router();

  router.get("/api/v1/events", async (request, response) => {
    const { user } = await requireSession(context, request);
    const { cursor, limit } = parseRequest(pageQuery, request.query);
    const visible = await visibleById(context, user);
    const options = { repositoryIds: [...visible.keys()], before: cursor, limit };
    const { page, next } = await readPage(
      (one) => listEvents(context.db, one),
      options,
      (event) => event.event_id,
    );
    const events = page.map(({ repository_id: id, ...event }) => ({
      ...event,
      repository: id === null ? null : { id, full_name: visible.get(id)?.fullName },
    }));
    response.json({ events, next });
  });

  return router;
}
