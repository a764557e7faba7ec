import express from "express";
import { z } from "zod";
import type { Demo } from "../demo-seed.ts";
import type { Simulator } from "../simulator.ts";
import {
  appBody,
  commitBody,
  faultBody,
  loginBody,
  memberBody,
  pullBody,
  renameBody,
  repositoryBody,
  tokenBody,
  transferBody,
  userBody,
} from "./bodies.ts";

type Answer = (simulator: Simulator, body: unknown) => unknown;

/** What makes something, and answers 201 with it. */
const posts: Readonly<Record<string, Answer>> = {
  users: (simulator, body) => simulator.createUser(userBody.parse(body)),
  tokens: (simulator, body) => ({
    token: simulator.createToken(loginBody.parse(body).login),
  }),
  repositories: (simulator, body) => simulator.createRepository(repositoryBody.parse(body)),
  commits: async (simulator, body) => ({ sha: await simulator.commit(commitBody.parse(body)) }),
  pulls: (simulator, body) => simulator.openPullRequest(pullBody.parse(body)),
  renames(simulator, body) {
    const { repository, name } = renameBody.parse(body);
    return { fullName: simulator.renameRepository(repository, name) };
  },
  transfers(simulator, body) {
    const { repository, owner } = transferBody.parse(body);
    return { fullName: simulator.transferRepository(repository, owner) };
  },
};

/** What answers 204. */
const acts: readonly (readonly ["delete" | "patch" | "post", path: string, Answer])[] = [
  ["delete", "/tokens", (simulator, body) => simulator.revokeToken(tokenBody.parse(body).token)],
  ["post", "/tokens/expire", (simulator, body) => simulator.expireTokens(loginBody.parse(body).login)],
  [
    "delete",
    "/collaborators",
    (simulator, body) => {
      const { repository, login } = memberBody.parse(body);
      simulator.removeCollaborator(repository, login);
    },
  ],
  ["patch", "/app", (simulator, body) => simulator.setExpiringTokens(appBody.parse(body).expiringTokens)],
  ["post", "/settled", (simulator) => simulator.deliveriesSettled()],
];

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
  for (const [method, path, act] of acts) {
    router[method](path, async (req, res) => {
      await act(simulator, req.body);
      res.status(204).end();
    });
  }
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
