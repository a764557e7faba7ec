import { parseRequest, Problem } from "@nectr/service";
import { Router } from "express";
import { z } from "zod";
import { connectRepository } from "../connect-repository.ts";
import type { AuthContext } from "../context.ts";
import { disconnectRepository } from "../disconnect-repository.ts";
import { connectedUsers } from "../repository-store.ts";
import { limitPerMinute } from "./rate-limit.ts";
import { repositoryJson } from "./repository-json.ts";
import { requireSession } from "./session.ts";

const part = z.string().regex(/^[\w.-]{1,100}$/);
const pathSchema = z
  .object({ owner: part, repo: part })
  .transform(({ owner, repo }) => ({ owner, name: repo }));

/** `POST` and `DELETE /api/v1/repos/{owner}/{repo}/install`: connect, disconnect. */
export function installationRoutes(context: AuthContext): Router {
  const limit = limitPerMinute(context.limits.installs, () => {
    const detail = "Too many repositories at once. Wait a minute and try again.";
    return new Problem({ status: 429, code: "rate_limited", detail });
  });
  const router = Router();

  router
    .route("/api/v1/repos/:owner/:repo/install")
    .all(limit)
    .post(async (request, response) => {
      const { user } = await requireSession(context, request);
      const repository = await connectRepository(context, user, parseRequest(pathSchema, request.params));
      const connected = await connectedUsers(context.db, [repository.id]);
      context.visible.forget(user.id);
      response.json({ repository: repositoryJson(repository, connected, user.id) });
    })
    .delete(async (request, response) => {
      const { user } = await requireSession(context, request);
      const webhook = await disconnectRepository(context, user, parseRequest(pathSchema, request.params));
      response.json({ connected: false, webhook });
    });

  return router;
}
