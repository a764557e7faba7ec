import express from "express";
import { z } from "zod";
import type { Demo } from "../demo-seed.ts";
import type { FaultRule } from "../faults.ts";
import type { Simulator } from "../simulator.ts";
import { permissionSchema } from "../state/model.ts";

const repositoryBody = z.object({
  owner: z.string(),
  name: z.string(),
  private: z.boolean().optional(),
  members: z.record(z.string(), permissionSchema).optional(),
  from: z.string().optional(),
  forkOf: z.string().optional(),
});

const userBody = z.object({
  login: z.string(),
  name: z.string().optional(),
  email: z.string().optional(),
  type: z.enum(["User", "Organization", "Bot"]).optional(),
});

const commitBody = z.object({
  repository: z.string(),
  branch: z.string(),
  from: z.string().optional(),
  files: z.record(z.string(), z.string().nullable()),
  message: z.string(),
  author: z.string().optional(),
});

const pullBody = z.object({
  repository: z.string(),
  head: z.string(),
  base: z.string().optional(),
  title: z.string(),
  body: z.string().optional(),
  author: z.string(),
  draft: z.boolean().optional(),
});

const when = z.enum(["before", "after"]);

/** `path` is the whole path, or `{ "matches": "expression" }`. */
const faultBody = z.object({
  method: z.string().optional(),
  path: z
    .union([z.string(), z.object({ matches: z.string() }).transform(({ matches }) => new RegExp(matches))])
    .optional(),
  times: z.int().positive().optional(),
  user: z.string().optional(),
  effect: z.union([
    z.object({ kind: z.literal("latency"), ms: z.number() }),
    z.object({ kind: z.literal("reset"), when }),
    z.object({ kind: z.literal("status"), status: z.int(), when, body: z.unknown().optional() }),
    z.object({ kind: z.literal("primary-limit"), resetAt: z.number() }),
    z.object({ kind: z.literal("primary-limit"), resetInSeconds: z.number() }),
    z.object({ kind: z.literal("secondary-limit"), retryAfter: z.number().optional() }),
    z.object({ kind: z.literal("hang"), when }),
  ]),
}) satisfies z.ZodType<FaultRule>;

type Answer = (simulator: Simulator, body: unknown) => unknown;

const posts: Readonly<Record<string, Answer>> = {
  users: (simulator, body) => simulator.createUser(userBody.parse(body)),
  tokens: (simulator, body) => ({
    token: simulator.createToken(z.object({ login: z.string() }).parse(body).login),
  }),
  repositories: (simulator, body) => simulator.createRepository(repositoryBody.parse(body)),
  commits: async (simulator, body) => ({ sha: await simulator.commit(commitBody.parse(body)) }),
  pulls: (simulator, body) => simulator.openPullRequest(pullBody.parse(body)),
};

/**
 * `/_simulator/*`: the simulator's own functions over HTTP, in JSON, for another process on this machine. A
 * thin layer: each route parses its body and calls the function of the same name.
 */
export function createSteering(simulator: Simulator, demo: (() => Demo) | undefined): express.Router {
  const router = express.Router();
  const faults = new Map<string, () => void>();
  let nextFault = 1;
  router.use(onlyFromHere, express.json({ limit: "25mb" }));
  for (const [name, answer] of Object.entries(posts)) {
    router.post(`/${name}`, async (req, res) => void res.status(201).json(await answer(simulator, req.body)));
  }
  router.delete("/tokens", (req, res) => {
    simulator.revokeToken(z.object({ token: z.string() }).parse(req.body).token);
    res.status(204).end();
  });
  router.post("/faults", (req, res) => {
    const id = String(nextFault++);
    faults.set(id, simulator.faults.add(faultBody.parse(req.body)));
    res.status(201).json({ id });
  });
  router.delete("/faults/:id", (req, res) => {
    faults.get(req.params.id)?.();
    faults.delete(req.params.id);
    res.status(204).end();
  });
  router.delete("/faults", (_req, res) => {
    simulator.faults.clear();
    faults.clear();
    res.status(204).end();
  });
  router.post("/settled", async (_req, res) => {
    await simulator.deliveriesSettled();
    res.status(204).end();
  });
  router.get("/log", (_req, res) => {
    res.json({
      requests: simulator.requests(),
      writes: simulator.writes(),
      violations: simulator.violations(),
      hurriedWrites: simulator.hurriedWrites(),
    });
  });
  router.get("/app", (_req, res) => {
    res.json({ clientId: simulator.clientId, clientSecret: simulator.clientSecret });
  });
  if (demo) router.get("/demo", (_req, res) => void res.json(demo()));
  router.use((_req, res) => void res.status(404).json({ message: "Not Found" }));
  router.use(explain);
  return router;
}

/**
 * Only this machine steers, and no page in a browser does: a page's request carries an Origin, and a name that
 * was pointed at this address shows in Host.
 */
const onlyFromHere: express.RequestHandler = (req, res, next) => {
  const local = /^(::ffff:)?127\.|^::1$/.test(req.socket.remoteAddress ?? "");
  const named = /^(localhost|127(\.\d+){3}|\[::1\])(:\d+)?$/.test(req.headers.host ?? "");
  if (local && named && req.headers.origin === undefined) next();
  else res.status(403).json({ message: "Only this machine may steer the simulator." });
};

const explain: express.ErrorRequestHandler = (error: unknown, _req, res, _next) => {
  const message =
    error instanceof z.ZodError
      ? z.prettifyError(error)
      : error instanceof Error
        ? error.message
        : String(error);
  res.status(422).json({ message });
};
