import type { Repository } from "@nectr/github";
import { parseRequest, Problem } from "@nectr/service";
import { Router } from "express";
import { z } from "zod";
import type { AuthContext } from "../context.ts";
import { pageQuery, readPage } from "../paging.ts";
import { findReview, listFindings, listReviews, type ReviewSummary } from "../review-queries.ts";
import { requireSession } from "./session.ts";
import { visibleById } from "./visible-by-id.ts";

const pathSchema = z.object({ id: z.uuid() });

/** `GET /api/v1/reviews` and `/api/v1/reviews/{id}`: of repositories that the user may see at GitHub now. */
export function reviewRoutes(context: AuthContext): Router {
  const router = Router();

  router.get("/api/v1/reviews", async (request, response) => {
    const { user } = await requireSession(context, request);
    const { cursor, limit } = parseRequest(pageQuery, request.query);
    const visible = await visibleById(context, user);
    const options = { repositoryIds: [...visible.keys()], before: cursor, limit };
    const { page, next } = await readPage(
      (one) => listReviews(context.db, one),
      options,
      ({ id }) => id,
    );
    response.json({ reviews: page.map((review) => reviewJson(review, visible)), next });
  });

  router.get("/api/v1/reviews/:id", async (request, response) => {
    const { user } = await requireSession(context, request);
    const { id } = parseRequest(pathSchema, request.params);
    const visible = await visibleById(context, user);
    const review = await findReview(context.db, id, [...visible.keys()]);
    if (!review) {
      const detail = "There is no such review, or you have no access to its repository.";
      throw new Problem({ status: 404, code: "review_not_found", detail });
    }
    const findings = await listFindings(context.db, id);
    response.json({ ...reviewJson(review, visible), result: review.result, findings });
  });

  return router;
}

function reviewJson(review: ReviewSummary, visible: ReadonlyMap<number, Repository>) {
  const repository = visible.get(review.repository_id);
  return {
    id: review.id,
    repository: { id: review.repository_id, full_name: repository?.fullName },
    number: review.number,
    title: review.title,
    author: review.author_login,
    pull_request_url: repository && `${repository.url}/pull/${review.number}`,
    head_sha: review.head_sha,
    generation: review.generation,
    status: review.status,
    verdict: review.verdict,
    open_findings: review.open_findings,
    url: review.url,
    error: review.error,
    created_at: review.created_at,
    finished_at: review.finished_at,
  };
}
