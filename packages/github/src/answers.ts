import { z } from "zod";
import type { Answer, GitHubClient, ParametersOf, SendOptions } from "./client.ts";
import { GitHubUnexpected } from "./errors.ts";

const perPage = 100;

/**
 * The data of an answer in our narrow shape.
 *
 * @throws GitHubUnexpected that says which fields are not as GitHub documents them, without their values
 */
export function parseAnswer<T>(schema: z.ZodType<T>, answer: Answer, route: string): T {
  const parsed = schema.safeParse(answer.data);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(
    ({ path, message }) => `${path.join(".") || "answer"}: ${message}`,
  );
  throw new GitHubUnexpected(
    `${route}: GitHub's answer has another shape: ${problems.slice(0, 5).join("; ")}`,
    {
      status: answer.status,
      requestId: answer.headers["x-github-request-id"]?.toString(),
    },
  );
}

/** Sends one request and parses its answer. */
export async function fetchOne<R extends string, T>(
  client: GitHubClient,
  schema: z.ZodType<T>,
  route: R,
  parameters: ParametersOf<R>,
  options?: SendOptions,
): Promise<T> {
  return parseAnswer(schema, await client.send(route, parameters, options), route);
}

/** Whether the answer's Link header names a next page; GitHub's pages may be short before the last. */
export function hasNextPage(answer: Answer): boolean {
  return /;\s*rel="?next"?/.test(String(answer.headers["link"] ?? ""));
}

/** All items of a list, page by page, `maxItems` of them at most. */
export async function fetchAll<R extends string, T>(
  client: GitHubClient,
  item: z.ZodType<T>,
  route: R,
  parameters: ParametersOf<R>,
  { maxItems = 10_000, ...options }: SendOptions & { maxItems?: number } = {},
): Promise<T[]> {
  const items: T[] = [];
  for (let page = 1; items.length < maxItems; page += 1) {
    const answer = await client.send(route, { ...parameters, per_page: perPage, page }, options);
    items.push(...parseAnswer(z.array(item), answer, route));
    if (!hasNextPage(answer)) break;
  }
  return items.slice(0, maxItems);
}
