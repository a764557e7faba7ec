import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createGitHubClient, type GitHubClient } from "@nectr/github";
import { createSimulator, type Simulator } from "@nectr/github-simulator";

/** A GitHub with the private repository `octocat/shop`, and accounts that read there, without a worker. */
export interface GitHubUnderTest extends AsyncDisposable {
  readonly simulator: Simulator;
  readonly repositoryId: number;
  /** Method and template of every request. */
  readonly routes: string[];
  /** Whoever is named: `octocat` and `hubot` may read, `stranger` may not. */
  account(login: string): { client: GitHubClient; githubId: number };
  /** @returns the commit's sha */
  commit(branch: string, files: Readonly<Record<string, string | Uint8Array | null>>): Promise<string>;
}

export const shop = { owner: "octocat", name: "shop" };

export async function startGitHub(): Promise<GitHubUnderTest> {
  const dataDir = await mkdtemp(join(tmpdir(), "nectr-texts-"));
  const simulator = await createSimulator({ dataDir, checkResponses: true });
  const users = new Map<string, { id: number; token: string }>();
  for (const login of ["octocat", "hubot", "stranger"])
    users.set(login, await simulator.createUser({ login }));
  const { id: repositoryId } = await simulator.createRepository({
    ...shop,
    private: true,
    members: { hubot: "write" },
  });
  const routes: string[] = [];
  return {
    simulator,
    repositoryId,
    routes,
    account(login) {
      const { id, token } = users.get(login) ?? { id: 0, token: "none" };
      const onRequest = ({ route }: { route: string }) => void routes.push(route);
      const client = createGitHubClient({
        apiUrl: simulator.url,
        token,
        userId: login,
        pace: "none",
        onRequest,
      });
      return { client, githubId: id };
    },
    commit: (branch, files) =>
      simulator.commit({ repository: "octocat/shop", branch, files, message: "A change" }),
    async [Symbol.asyncDispose]() {
      await simulator.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
