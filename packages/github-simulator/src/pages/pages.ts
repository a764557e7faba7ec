import express from "express";
import { diffAnswer } from "../rest/pull-text.ts";
import { pullRequestByNumber, repositoryByFullName } from "../state/lookups.ts";
import type { PullRequestRecord, RepositoryRecord } from "../state/model.ts";
import type { World } from "../world.ts";
import { avatar } from "./avatar.ts";
import { conversationPage } from "./conversation-page.ts";
import { filePage } from "./file-page.ts";
import { filesPage } from "./files-page.ts";
import { homePage } from "./home-page.ts";
import { issuePage } from "./issue-page.ts";
import { lineLinksSource } from "./line-links.ts";
import { messagePage } from "./message-page.ts";
import { repositoryPage } from "./repository-page.ts";
import { style } from "./style.ts";

const policy = "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action *";

/**
 * The pages that a person looks at. They show private repositories too: whoever can reach the simulator may
 * look into it, for it holds nothing but demos and tests.
 */
export function createPages(world: World): express.Router {
  const router = express.Router();
  router.use((_req, res, next) => {
    res.set("Content-Security-Policy", policy);
    next();
  });
  router.get("/_assets/style.css", (_req, res) => void res.type("css").send(style));
  router.get("/_avatars/:login.svg", (req, res) => void res.type("svg").send(avatar(req.params.login)));
  router.get("/", (_req, res) => void res.send(homePage(world)));
  for (const path of ["/:owner/:repo", "/:owner/:repo/pulls"] as const) {
    router.get(path, async (req, res, next) => {
      const repository = findRepository(world, req.params);
      if (!repository) return next();
      res.send(await repositoryPage(world, repository));
    });
  }
  router.get("/:owner/:repo/blob/:ref/*path", async (req, res, next) => {
    const repository = findRepository(world, req.params);
    const { ref, path } = req.params;
    const page = repository && (await filePage(world, repository, ref, path.join("/")));
    if (page === undefined) return next();
    res.set("Content-Security-Policy", `${policy}; script-src ${lineLinksSource()}`).send(page);
  });
  router.get("/:owner/:repo/issues/:number", (req, res, next) => {
    const repository = findRepository(world, req.params);
    const page = repository && issuePage(world, repository, Number(req.params.number));
    if (page === undefined) return next();
    res.send(page);
  });
  router.get("/:owner/:repo/pull/:number.diff", async (req, res, next) => {
    const found = findPull(world, req.params);
    if (!found) return next();
    const { raw } = await diffAnswer({ world }, found.issue);
    res.type("text/plain").send(raw?.data);
  });
  router.get("/:owner/:repo/pull/:number", async (req, res, next) => {
    const found = findPull(world, req.params);
    if (!found) return next();
    res.send(await conversationPage(world, found.repository, found.issue));
  });
  router.get("/:owner/:repo/pull/:number/files", async (req, res, next) => {
    const found = findPull(world, req.params);
    if (!found) return next();
    res.send(await filesPage(world, found.repository, found.issue));
  });
  router.use((_req, res) => {
    res.status(404).send(messagePage("Page not found", "There is nothing at this address."));
  });
  return router;
}

function findRepository(world: World, params: { owner: string; repo: string }): RepositoryRecord | undefined {
  return repositoryByFullName(world.store.state, `${params.owner}/${params.repo}`);
}

function findPull(
  world: World,
  params: { owner: string; repo: string; number: string },
): { repository: RepositoryRecord; issue: PullRequestRecord } | undefined {
  const repository = findRepository(world, params);
  const issue = repository && pullRequestByNumber(world.store.state, repository, Number(params.number));
  return repository && issue && { repository, issue };
}
