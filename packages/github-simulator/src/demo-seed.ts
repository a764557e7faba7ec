import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { addToken, addUser } from "./actions/accounts.ts";
import { addRepository } from "./actions/create-repository.ts";
import type { DemoPullRequest } from "./demo/history.ts";
import { createDemoRepository } from "./demo/index.ts";
import { repositoryByFullName, userByLogin } from "./state/lookups.ts";
import type { UserRecord } from "./state/model.ts";
import type { World } from "./world.ts";

const pullRequest = z.object({
  head: z.string(),
  base: z.string(),
  title: z.string(),
  body: z.string(),
  author: z.enum(["hubot", "octocat"]),
}) satisfies z.ZodType<DemoPullRequest>;

/** What a launcher needs in order to play the demo. Nothing opened the pull requests yet. */
export interface Demo {
  readonly repository: string;
  readonly pullRequests: readonly DemoPullRequest[];
  /** By login, made afresh at each request. */
  readonly tokens: Readonly<Record<string, string>>;
}

const repository = "octocat/shop";

/**
 * Sees to it that octocat (admin), hubot (may write) and octocat/shop are there; a seeding that was cut short
 * is completed. Returns what tells of the demo.
 */
export async function seedDemo(world: World): Promise<() => Demo> {
  const octocat = userNamed(world, "octocat", "The Octocat");
  const hubot = userNamed(world, "hubot", "Hubot");
  const list = join(world.dataDir, "demo.json");
  if (!existsSync(list)) await makeRepository(world, list);
  const pullRequests = z.array(pullRequest).parse(JSON.parse(readFileSync(list, "utf8")));
  return () => ({
    repository,
    pullRequests,
    tokens: { octocat: addToken(world, octocat).token, hubot: addToken(world, hubot).token },
  });
}

function userNamed(world: World, login: string, name: string): UserRecord {
  return userByLogin(world.store.state, login) ?? addUser(world, { login, name });
}

async function makeRepository(world: World, list: string): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "nectr-demo-"));
  try {
    const { pullRequests } = await createDemoRepository(folder);
    if (!repositoryByFullName(world.store.state, repository)) {
      await addRepository(world, {
        owner: "octocat",
        name: "shop",
        members: { hubot: "write" },
        from: folder,
      });
    }
    writeFileSync(`${list}.next`, JSON.stringify(pullRequests));
    renameSync(`${list}.next`, list);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
