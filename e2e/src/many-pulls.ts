import type { Simulator } from "@nectr/github-simulator";
import { defective } from "./changes.ts";
import { openPullRequest, type Shop } from "./shop.ts";

/** A pull request and its one head. */
export interface OpenedPull {
  readonly number: number;
  readonly headSha: string;
}

/** Opens a pull request with something to say of. @param name of its branch and file, which nobody else uses. */
export async function openDefective(simulator: Simulator, shop: Shop, name: string): Promise<OpenedPull> {
  const headSha = await simulator.commit({
    repository: shop.fullName,
    branch: name,
    from: "main",
    files: defective(name),
    message: "Find orders",
    author: "hubot",
  });
  return { number: await openPullRequest(simulator, shop, name), headSha };
}
