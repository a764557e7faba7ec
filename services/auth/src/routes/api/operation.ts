import { parseRequest } from "@nectr/service";
import type { Request, RequestHandler, Response } from "express";
import type { z } from "zod";
import type { AuthContext } from "../../context.ts";
import type { ProblemCode } from "../../problems.ts";
import { requireSession, type SignedIn } from "../session.ts";

/**
 * One operation of the API: what it takes and what it answers. The same schemas parse its requests and describe it in
 * `/api/openapi.json`.
 */
export interface Operation {
  readonly id: string;
  readonly method: "get" | "post" | "delete";
  /** As OpenAPI writes it: `/api/v1/reviews/{id}`. */
  readonly path: `/${string}`;
  readonly tag: "Sign-in" | "Repositories" | "Reviews";
  readonly summary: string;
  readonly description?: string;
  /** Whether it takes a session. */
  readonly session: boolean;
  readonly params?: z.ZodObject;
  readonly query?: z.ZodObject;
  readonly body?: z.ZodObject;
  /** The body is a page's form, which cannot send what other changes need: it brings a proof of its own. */
  readonly form?: true;
  /** By status. One with a schema is JSON; one without is empty, a redirect, or a page for people. */
  readonly answers: Readonly<Record<number, { readonly description: string; readonly schema?: z.ZodType }>>;
  /** Whether it asks GitHub as the user, and passes on what GitHub refuses. */
  readonly github?: true;
  /** Whether there is a limit on how often one address may do it. */
  readonly limited?: true;
  /** Refusals beyond those that follow from the above. */
  readonly problems?: readonly ProblemCode[];
}

/** A part of the request as its schema leaves it. */
type Parsed<S> = S extends z.ZodType ? z.output<S> : undefined;

/** What the handler of an operation gets. */
export interface Call<O extends Operation> {
  readonly params: Parsed<O["params"]>;
  readonly query: Parsed<O["query"]>;
  readonly body: Parsed<O["body"]>;
  readonly session: O["session"] extends true ? SignedIn : undefined;
  readonly request: Request;
  readonly response: Response;
}

/** The body of the answer 200; nothing where the handler answers otherwise, by itself. */
type Result<O extends Operation> = O["answers"] extends { 200: { schema: infer S extends z.ZodType } }
  ? z.input<S>
  : void;

/** An operation with what serves it. */
export interface Route {
  readonly operation: Operation;
  readonly handlers: readonly RequestHandler[];
}

/**
 * Serves an operation: requires a session where it takes one, parses what it takes, and sends what `work` returns.
 *
 * @param before what a request has to pass first, such as a limit
 */
export function route<O extends Operation>(
  context: AuthContext,
  operation: O,
  work: (call: Call<O>) => Promise<Result<O>>,
  ...before: RequestHandler[]
): Route {
  const { params, query, body } = operation;
  const handler: RequestHandler = async (request, response) => {
    const call = {
      session: operation.session ? await requireSession(context, request) : undefined,
      params: params && parseRequest(params, request.params),
      query: query && parseRequest(query, request.query),
      body: body && parseRequest(body, request.body ?? {}),
      request,
      response,
    };
    // Each part is what its schema makes of it, which the compiler cannot follow through a generic.
    const result = await work(call as Call<O>);
    if (result !== undefined) response.json(result);
  };
  return { operation, handlers: [...before, handler] };
}
