import { z } from "zod";
import { createDocument, type ZodOpenApiOperationObject, type ZodOpenApiResponseObject } from "zod-openapi";
import { type ProblemCode, problemStatus } from "../../problems.ts";
import type { Operation } from "./operation.ts";

/** The cookie that a session lies in, as the description calls it. */
const sessionScheme = "session";

const problem = z
  .object({
    type: z.literal("about:blank"),
    title: z.string(),
    status: z.int(),
    detail: z.string().optional(),
    code: z.string().meta({ description: "Stable, for programs" }),
    errors: z
      .array(z.object({ pointer: z.string(), detail: z.string() }))
      .optional()
      .meta({ description: "The fields at fault, each by its JSON pointer" }),
    requestId: z.string().meta({ description: "Names the request in the service's log" }),
  })
  .meta({ id: "Problem", description: "An RFC 9457 problem document" });

/**
 * The OpenAPI 3.1 document of these operations.
 *
 * @param o.url where the API is reached
 * @param o.cookie the name of the session's cookie there
 */
export function describeApi(operations: readonly Operation[], o: { url: string; cookie: string }) {
  return createDocument(
    {
      openapi: "3.1.0",
      info: {
        title: "Nectr",
        version: "1",
        description:
          "Sign in with GitHub, connect repositories, read reviews. Every row belongs to a repository that the " +
          "signed-in person can see on GitHub now. A change takes an `Origin` of our own pages, and " +
          "`Content-Type: application/json` or the header `X-Requested-With`.",
        license: { name: "Apache-2.0", identifier: "Apache-2.0" },
      },
      servers: [{ url: o.url }],
      components: {
        securitySchemes: { [sessionScheme]: { type: "apiKey", in: "cookie", name: o.cookie } },
      },
      paths: pathsOf(operations),
    },
    {
      override({ zodSchema, jsonSchema, io }) {
        // What JSON makes of a Date.
        if (zodSchema._zod.def.type === "date" && io === "output") {
          Object.assign(jsonSchema, { type: "string", format: "date-time" });
        }
        // What goes without saying.
        if (jsonSchema.format === "uuid") delete jsonSchema.pattern;
        if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
        if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
      },
    },
  );
}

function pathsOf(operations: readonly Operation[]) {
  const paths: Record<string, Record<string, ZodOpenApiOperationObject>> = {};
  for (const operation of operations) {
    (paths[operation.path] ??= {})[operation.method] = describeOperation(operation);
  }
  return paths;
}

function describeOperation(operation: Operation): ZodOpenApiOperationObject {
  const { id, tag, summary, description, session, params, query, body, form } = operation;
  const mediaType = form ? "application/x-www-form-urlencoded" : "application/json";
  return {
    operationId: id,
    tags: [tag],
    summary,
    ...(description !== undefined && { description }),
    security: session ? [{ [sessionScheme]: [] }] : [],
    ...((params ?? query) && { requestParams: { ...(params && { path: params }), ...(query && { query }) } }),
    ...(body && { requestBody: { required: true, content: { [mediaType]: { schema: body } } } }),
    responses: Object.fromEntries([...answersOf(operation), ...refusalsOf(operation)]),
  };
}

type Answer = [status: string | number, ZodOpenApiResponseObject];

function answersOf({ answers }: Operation): Answer[] {
  return Object.entries(answers).map(([status, { description, schema }]) => [
    status,
    { description, ...(schema && { content: { "application/json": { schema } } }) },
  ]);
}

function refusalsOf(operation: Operation): Answer[] {
  const byStatus = Map.groupBy(problemsOf(operation), (code) => problemStatus[code]);
  return [...byStatus].map(([status, codes]) => [
    status,
    {
      description: codes.map((code) => `\`${code}\``).join(", "),
      content: { "application/problem+json": { schema: problem } },
    },
  ]);
}

/** What an operation may refuse with, by what is done before it. */
const refusals = {
  parsing: ["invalid_request"],
  session: ["not_signed_in", "link_needed", "session_expired"],
  change: ["origin_not_allowed", "header_needed"],
  github: [
    "reconnect_needed",
    "github_forbidden",
    "github_refused",
    "organization_access_needed",
    "github_unavailable",
    "github_rate_limited",
  ],
  limit: ["rate_limited"],
} satisfies Record<string, ProblemCode[]>;

/** All that an operation may refuse with, each once. */
function problemsOf(operation: Operation): Set<ProblemCode> {
  const { method, session, params, query, body, form, github, limited, problems = [] } = operation;
  return new Set([
    ...((params ?? query ?? body) ? refusals.parsing : []),
    ...(session ? refusals.session : []),
    ...(method === "get" || form ? [] : refusals.change),
    ...(github ? refusals.github : []),
    ...(limited ? refusals.limit : []),
    ...problems,
    "internal" as const,
  ]);
}
