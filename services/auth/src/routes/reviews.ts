import { z } from "zod";
import type { AuthContext } from "../context.ts";
import { pageQuery, readPage } from "../paging.ts";
import { refusal } from "../problems.ts";
import { findReview, listFindings, listReviews } from "../review-queries.ts";
import { type Operation, type Route, route } from "./api/operation.ts";
import { resultJson, reviewDetailSchema, reviewJson, reviewSchema } from "./review-json.ts";
import { repositoryOf, visibleById } from "./visible-by-id.ts";

const list = {
  id: "listReviews",
  method: "get",
  path: "/api/v1/reviews",
  tag: "Reviews",
  summary: "Reviews of repositories that the person may see at GitHub now",
  session: true,
  query: pageQuery,
  answers: {
    200: {
      description: "Newest first",
      schema: z.object({ reviews: z.array(reviewSchema), next: z.uuid().nullable() }),
    },
  },
  github: true,
} satisfies Operation;

const read = {
  id: "readReview",
  method: "get",
  path: "/api/v1/reviews/{id}",
  tag: "Reviews",
  summary: "One review, with its findings and what was read",
  session: true,
  params: z.object({ id: z.uuid() }),
  answers: { 200: { description: "The review", schema: reviewDetailSchema } },
  github: true,
  problems: ["review_not_found"],
} satisfies Operation;

export function reviewRoutes(context: AuthContext): Route[] {
  return [
    route(context, list, async ({ session: { user }, query: { cursor, limit } }) => {
      const visible = await visibleById(context, user);
      const { page, next } = await readPage(
        (one) => listReviews(context.db, one),
        { repositoryIds: [...visible.keys()], before: cursor, limit },
        ({ id }) => id,
      );
      const reviews = page.map((review) => reviewJson(review, repositoryOf(visible, review.repository_id)));
      return { reviews, next };
    }),
    route(context, read, async ({ session: { user }, params: { id } }) => {
      const visible = await visibleById(context, user);
      const review = await findReview(context.db, id, [...visible.keys()]);
      if (!review) {
        const detail = "There is no such review, or you have no access to its repository.";
        throw refusal("review_not_found", detail);
      }
      const findings = await listFindings(context.db, id);
      const repository = repositoryOf(visible, review.repository_id);
      return { ...reviewJson(review, repository), ...resultJson(review.result), findings };
    }),
  ];
}
