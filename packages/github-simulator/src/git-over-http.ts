import { basename, dirname } from "node:path";
import express from "express";
import { afterPush, branchChanges } from "./actions/push.ts";
import { runHttpBackend } from "./git/http-backend.ts";
import { listBranches } from "./git/refs.ts";
import { viewerOf } from "./rest/authenticate.ts";
import { mayWrite, permissionOf, repositoryByFormerName, repositoryByFullName } from "./state/lookups.ts";
import { type World, gitDir } from "./world.ts";

const path = /^\/([^/]+)\/([^/]+?)(?:\.git)?(\/info\/refs|\/git-upload-pack|\/git-receive-pack)$/;

/**
 * `git clone`, `fetch` and `push` by HTTP, with a token as the password. A push moves pull requests and is
 * announced before it is answered.
 */
export function createGitOverHttp(world: World, onError: (error: unknown) => void): express.Router {
  const router = express.Router();
  router.all(path, (req, res, next) => {
    answer(world, req, res).catch((error: unknown) => {
      onError(error);
      if (res.headersSent) req.socket.destroy();
      else next(error);
    });
  });
  return router;
}

async function answer(world: World, req: express.Request, res: express.Response): Promise<void> {
  const [, owner, name, service = ""] = path.exec(req.path) ?? [];
  const viewer = viewerOf(world, req.headers);
  const { state } = world.store;
  const fullName = `${owner}/${name}`;
  const repository = repositoryByFullName(state, fullName) ?? repositoryByFormerName(state, fullName);
  const permission = repository && permissionOf(repository, viewer?.user);
  const pushes = service === "/git-receive-pack" || req.query["service"] === "git-receive-pack";
  if (!viewer && (pushes || !permission)) {
    res.set("WWW-Authenticate", 'Basic realm="GitHub"').status(401).send("Authentication required");
    return;
  }
  if (!repository || !permission) return void res.status(404).send("Repository not found.");
  if (pushes && !mayWrite(permission)) {
    return void res.status(403).send(`Permission to ${owner}/${name} denied to ${viewer?.user.login}.`);
  }
  const dir = gitDir(world, repository);
  const request = { root: dirname(dir), name: basename(dir), service, user: viewer?.user.login };
  if (service !== "/git-receive-pack" || !viewer) return runHttpBackend(req, res, request);
  await world.oneAtATime(dir, async () => {
    const before = await listBranches(dir);
    const beforeEnd = async () =>
      afterPush(world, repository, branchChanges(before, await listBranches(dir)), viewer.user);
    await runHttpBackend(req, res, { ...request, beforeEnd });
  });
}
