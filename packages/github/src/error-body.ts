import { z } from "zod";

/** GitHub's error body: https://docs.github.com/en/rest/using-the-rest-api/troubleshooting-the-rest-api */
const errorBody = z.object({
  message: z.string().optional(),
  errors: z
    .array(
      z.union([
        z.string(),
        z.looseObject({
          message: z.string().optional(),
          code: z.string().optional(),
          /** GraphQL's. */
          type: z.string().optional(),
        }),
      ]),
    )
    .optional()
    .catch(undefined),
});

/** Message, then the texts, codes and types of `errors`; nothing for a body that is not GitHub's (an HTML page). */
export function messagesOf(data: unknown): string[] {
  const body = errorBody.safeParse(data);
  if (!body.success) return [];
  const { message, errors = [] } = body.data;
  const texts = [
    message,
    ...errors.flatMap((e) => (typeof e === "string" ? [e] : [e.message, e.code, e.type])),
  ];
  return texts.flatMap((text) => text || []);
}
