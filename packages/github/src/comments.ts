import { z } from "zod";
import { fetchAll, fetchOne } from "./answers.ts";
import { type Author, authorSchema } from "./author.ts";
import type { GitHubClient } from "./client.ts";
import { GitHubInvalid } from "./errors.ts";
import { type RepositoryRef, routeOf } from "./repositories.ts";

/** A comment in the conversation of an issue or pull request. */
export interface IssueComment {
  readonly id: number;
  readonly author: Author;
  readonly body: string;
  /** Its page for people. */
  readonly url: string;
}

/** Characters that GitHub takes in a body: of an issue comment, a review or an inline comment. */
const maxBodyLength = 65_536;

const commentSchema = z
  .object({ id: z.int().positive(), user: authorSchema, body: z.string().nullish(), html_url: z.string() })
  .transform((c): IssueComment => ({ id: c.id, author: c.user, body: c.body ?? "", url: c.html_url }));

/** @throws GitHubInvalid where GitHub would refuse the body for its length */
export function checkBody(body: string): void {
  // GitHub counts characters, where JavaScript's length counts those beyond the BMP twice.
  if (body.length > maxBodyLength && [...body].length > maxBodyLength) {
    throw new GitHubInvalid(`The body is longer than the ${maxBodyLength} characters that GitHub takes`);
  }
}

/** All comments of the conversation, oldest first, past every cache. */
export async function listIssueComments(
  client: GitHubClient,
  repo: RepositoryRef,
  number: number,
): Promise<IssueComment[]> {
  const route = "GET /repos/{owner}/{repo}/issues/{issue_number}/comments";
  return fetchAll(client, commentSchema, route, { ...routeOf(repo), issue_number: number }, { fresh: true });
}

/** Writes a comment, once: after GitHubUnavailable it may or may not be there. */
export async function createIssueComment(
  client: GitHubClient,
  repo: RepositoryRef,
  number: number,
  body: string,
): Promise<IssueComment> {
  checkBody(body);
  const route = "POST /repos/{owner}/{repo}/issues/{issue_number}/comments";
  return fetchOne(client, commentSchema, route, { ...routeOf(repo), issue_number: number, body });
}

/** Puts another text in a comment's place. */
export async function updateIssueComment(
  client: GitHubClient,
  repo: RepositoryRef,
  commentId: number,
  body: string,
): Promise<IssueComment> {
  checkBody(body);
  const route = "PATCH /repos/{owner}/{repo}/issues/comments/{comment_id}";
  return fetchOne(client, commentSchema, route, { ...routeOf(repo), comment_id: commentId, body });
}
