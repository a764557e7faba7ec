import express from "express";
import { graphql, GraphQLError } from "graphql";
import { z } from "zod";
import { GitHubProblem } from "../problem.ts";
import { type ApiDeps, refusal } from "../rest/api.ts";
import { authenticate } from "../rest/authenticate.ts";
import { type Answer, type Call, hasScope, ok, requireViewer, type Viewer } from "../rest/call.ts";
import { allowanceKey, rateHeaders } from "../rest/rate-limit.ts";
import { readCall } from "../rest/read-call.ts";
import { commonHeaders, sendAnswer } from "../rest/send-answer.ts";
import { fullNameOf, permissionOf, repositoryByFormerName, repositoryByFullName } from "../state/lookups.ts";
import type { RepositoryRecord } from "../state/model.ts";
import { gitDir } from "../world.ts";
import { gitObject } from "./git-object.ts";
import { graphqlSchema } from "./schema.ts";

/** GitHub's GraphQL API, as far as the schema goes: `/graphql`, and `/api/graphql` as an Enterprise server has it. */
export function createGraphql(deps: ApiDeps): express.Router {
  const router = express.Router();
  const readBody = express.raw({ type: () => true, limit: "1mb" });
  router.post(["/graphql", "/api/graphql"], readBody, (req, res) => answerRequest(deps, req, res));
  return router;
}

async function answerRequest(deps: ApiDeps, req: express.Request, res: express.Response): Promise<void> {
  const { world, limits } = deps;
  const started: { viewer?: Viewer | undefined; call?: Call } = {};
  let answer: Answer;
  try {
    started.viewer = authenticate(world, req.headers);
    started.call = readCall(world, started.viewer, req);
    requireViewer(started.call);
    answer = await answerQuery(deps, started.call);
  } catch (error) {
    answer = refusal(deps, error);
  }
  const { viewer, call } = started;
  sendAnswer(res, answer, {
    ...commonHeaders(viewer, call),
    ...rateHeaders(limits.peek(allowanceKey(viewer), "graphql"), "graphql"),
    ...answer.headers,
  });
}

const queryBody = z.object({ query: z.string(), variables: z.record(z.string(), z.unknown()).nullish() });

/** A query without connections costs one point, whatever it asks for. */
async function answerQuery(deps: ApiDeps, call: Call): Promise<Answer> {
  const { limits, log, world } = deps;
  const key = allowanceKey(call.viewer);
  if (limits.peek(key, "graphql").remaining === 0) return ok(usedUp(call.viewer?.user.id));
  limits.spend(key, "graphql");
  const body = queryBody.safeParse(call.body);
  if (!body.success) {
    throw new GitHubProblem(400, "A query attribute must be specified and must be a string.");
  }
  const { data, errors = [] } = await graphql({
    schema: graphqlSchema(),
    source: body.data.query,
    variableValues: body.data.variables,
    rootValue: { repository: (wanted: WantedRepository) => showRepository(call, wanted) },
  });
  for (const { originalError } of errors) {
    if (originalError && !(originalError instanceof GraphQLError)) deps.onError(originalError);
  }
  if (data === undefined) {
    const at = world.now().toISOString();
    const { method, path } = call;
    for (const { message } of errors) log.violations.push({ at, kind: "schema", method, path, message });
  }
  return ok({
    ...(data !== undefined && { data }),
    ...(errors.length > 0 && { errors: errors.map(present) }),
  });
}

/** GitHub has a type beside the message. */
function present({ message, path, locations, extensions }: GraphQLError) {
  const { type } = extensions;
  return { ...(typeof type === "string" && { type }), path, locations, message };
}

/** What GitHub says, with a good status, to who has no points left. */
function usedUp(userId: number | undefined) {
  const message = `API rate limit already exceeded for user ID ${userId ?? 1}.`;
  return { errors: [{ type: "RATE_LIMIT", code: "graphql_rate_limit", message }] };
}

interface WantedRepository {
  readonly owner: string;
  readonly name: string;
  readonly followRenames: boolean;
}

function showRepository(call: Call, { owner, name, followRenames }: WantedRepository) {
  const { state } = call.world.store;
  const repository = visibleRepository(call, `${owner}/${name}`, followRenames);
  if (!repository) {
    const message = `Could not resolve to a Repository with the name '${owner}/${name}'.`;
    throw new GraphQLError(message, { extensions: { type: "NOT_FOUND" } });
  }
  const dir = gitDir(call.world, repository);
  return {
    databaseId: repository.id,
    nameWithOwner: fullNameOf(state, repository),
    isPrivate: repository.private,
    object: ({ expression, oid }: { expression?: string | null; oid?: string | null }) =>
      gitObject(dir, expression ?? oid ?? "HEAD"),
  };
}

function visibleRepository(
  { world, viewer }: Call,
  fullName: string,
  followRenames: boolean,
): RepositoryRecord | undefined {
  const { state } = world.store;
  const former = followRenames ? repositoryByFormerName(state, fullName) : undefined;
  const repository = repositoryByFullName(state, fullName) ?? former;
  if (!repository || !permissionOf(repository, viewer?.user)) return undefined;
  const hidden = repository.private && viewer && !hasScope(viewer.token, "repo");
  return hidden ? undefined : repository;
}
