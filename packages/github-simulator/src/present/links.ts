import type { World } from "../world.ts";
import { fullNameOf } from "../state/lookups.ts";
import type { RepositoryRecord } from "../state/model.ts";

/** A JSON object on its way out. */
export type Json = Record<string, unknown>;

/** The API's address of a repository. */
export function apiUrl(world: World, repository: RepositoryRecord): string {
  return `${world.url}/repos/${fullNameOf(world.store.state, repository)}`;
}

/** The page of a repository. */
export function pageUrl(world: World, repository: RepositoryRecord): string {
  return `${world.url}/${fullNameOf(world.store.state, repository)}`;
}

/** GitHub's opaque id: a kind and a number. */
export function nodeId(kind: string, id: number): string {
  return Buffer.from(`${kind}:${id}`).toString("base64");
}

/** A path in an address: every part encoded, the slashes kept. */
export function encodePath(path: string): string {
  return path.split("/").map(encodeURIComponent).join("/");
}
