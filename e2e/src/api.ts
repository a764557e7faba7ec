import type { Session } from "@nectr/local";
import { expect } from "vitest";
import { z } from "zod";
import type { Shop } from "./shop.ts";

/** An answer's JSON. */
export async function read(session: Session, path: string): Promise<unknown> {
  return (await session.request("GET", path)).json();
}

/** Connects a person to a repository. @returns the repository, as the API shows it then. */
export async function connect(session: Session, { fullName }: Pick<Shop, "fullName">): Promise<unknown> {
  const response = await session.request("POST", `/api/v1/repos/${fullName}/install`, {});
  expect(response.status).toBe(200);
  return z.object({ repository: z.unknown() }).parse(await response.json()).repository;
}
