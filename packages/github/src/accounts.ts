import { z } from "zod";
import { fetchAll, parseAnswer } from "./answers.ts";
import type { GitHubClient } from "./client.ts";
import { GitHubForbidden, GitHubNotFound } from "./errors.ts";

/** Whose token the client holds, and what it may do. */
export interface AuthenticatedUser {
  readonly id: number;
  readonly login: string;
  /** The name that the user shows, undefined where none is set. */
  readonly name: string | undefined;
  readonly avatarUrl: string;
  /** OAuth scopes; empty for a fine-grained token, which has none. */
  readonly scopes: string[];
}

const userSchema = z.object({
  id: z.int().positive(),
  login: z.string(),
  name: z.string().nullish(),
  avatar_url: z.string(),
});

const emailSchema = z.object({ email: z.string(), primary: z.boolean(), verified: z.boolean() });

/** The user whom the token belongs to. Throws GitHubUnauthorized where the token is no longer good. */
export async function getAuthenticatedUser(client: GitHubClient): Promise<AuthenticatedUser> {
  const answer = await client.send("GET /user", {});
  const { id, login, name, avatar_url } = parseAnswer(userSchema, answer, "GET /user");
  const scopes = String(answer.headers["x-oauth-scopes"] ?? "");
  return {
    id,
    login,
    name: name ?? undefined,
    avatarUrl: avatar_url,
    scopes: scopes.split(/[,\s]+/).filter(Boolean),
  };
}

/** The user's verified primary address, undefined where the token may not read it or there is none. */
export async function getPrimaryEmail(client: GitHubClient): Promise<string | undefined> {
  try {
    const emails = await fetchAll(client, emailSchema, "GET /user/emails", {});
    return emails.find(({ primary, verified }) => primary && verified)?.email;
  } catch (error) {
    // Without the scope `user:email` GitHub answers 404, a fine-grained token gets 403.
    if (error instanceof GitHubNotFound || error instanceof GitHubForbidden) return undefined;
    throw error;
  }
}
