import { z } from "zod";
import { parseAnswer } from "./answers.ts";
import type { GitHubClient } from "./client.ts";
import { GitHubInvalid, GitHubUnavailable, GitHubUnexpected } from "./errors.ts";
import { graphqlRoute } from "./graphql-route.ts";

/** What went wrong with a part of a query, whose data is null. */
export interface QueryError {
  /** GitHub's `type`, such as `NOT_FOUND`; empty where it gives none. */
  readonly type: string;
  /** Names of fields and aliases from the query's root; empty where it is not known which part. */
  readonly path: readonly (string | number)[];
}

/** An answer with a good status. The one to a query that went wrong has no data: https://spec.graphql.org/October2021/#sec-Response-Format */
const answerSchema = z.object({
  data: z.record(z.string(), z.unknown()).nullish(),
  errors: z
    .array(
      z
        .object({
          type: z.string().nullish(),
          path: z.array(z.union([z.string(), z.number()])).nullish(),
          message: z.string().nullish(),
        })
        .transform(({ type, path, message }) => ({
          type: type ?? "",
          path: path ?? [],
          message: message ?? "",
        })),
    )
    .nullish()
    .transform((errors) => errors ?? []),
});

/**
 * Asks GraphQL a question, and gives the data with what went wrong in parts of it.
 *
 * @param maxBytes of the answer
 * @throws GitHubInvalid where GitHub does not understand the query, or the answer is longer (status 413); GitHubUnavailable
 * where it took too long; GitHubNotFound where the server has no GraphQL
 */
export async function queryGraphql<T>(
  client: GitHubClient,
  schema: z.ZodType<T>,
  { query, variables, maxBytes }: { query: string; variables: Record<string, string>; maxBytes: number },
): Promise<{ data: T; errors: readonly QueryError[] }> {
  // Undecoded: Octokit reads JSON in a slow way, for the sake of numbers that there are none of.
  const sent = await client.send(graphqlRoute, { query, variables }, { maxBytes, raw: true });
  const json = readJson(await new Response(sent.data as ReadableStream | null).text());
  const { data, errors } = parseAnswer(answerSchema, { ...sent, data: json }, graphqlRoute);
  if (data == null) throw refusal(errors.map(({ type, message }) => `${type} ${message}`.trim()));
  return { data: parseAnswer(schema, { ...sent, data }, graphqlRoute), errors };
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    // The message of a SyntaxError quotes the text.
    throw new GitHubUnexpected(`${graphqlRoute}: GitHub's answer is no JSON`);
  }
}

/** A query that took more than about 10 s ends with a good status and the words "Something went wrong". */
function refusal(messages: readonly string[]): Error {
  const message = `${graphqlRoute}: ${messages.join("; ") || "no data"}`;
  if (messages.some((text) => /something went wrong/i.test(text))) return new GitHubUnavailable(message);
  return new GitHubInvalid(message, { messages });
}
