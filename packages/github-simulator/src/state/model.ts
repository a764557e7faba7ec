import { z } from "zod";

/**
 * What the simulator remembers, as it lies in the state file. Ids are numbers, as GitHub's are; times are
 * ISO 8601 in UTC; everything that git knows (branches, files, commits) stays in git and is not repeated here.
 */

const id = z.int().positive();
const time = z.string();

export const permissionSchema = z.enum(["admin", "write", "read"]);
export type Permission = z.infer<typeof permissionSchema>;

const userRecord = z.object({
  id,
  login: z.string(),
  name: z.string().nullable(),
  email: z.string(),
  type: z.enum(["User", "Organization", "Bot"]),
  createdAt: time,
});
export type UserRecord = z.infer<typeof userRecord>;

/** `app`: issued to the OAuth app; otherwise it stands for a personal access token. */
const tokenRecord = z.object({
  id,
  token: z.string(),
  userId: id,
  scopes: z.array(z.string()),
  app: z.boolean(),
  createdAt: time,
  expiresAt: time.nullable(),
  refreshToken: z.string().nullable(),
});
export type TokenRecord = z.infer<typeof tokenRecord>;

/** A user's consent to the OAuth app, which outlives any one token. */
const grantRecord = z.object({ userId: id, scopes: z.array(z.string()) });

/** An authorization code: used once, within ten minutes. */
const codeRecord = z.object({
  code: z.string(),
  userId: id,
  scopes: z.array(z.string()),
  redirectUri: z.string().nullable(),
  challenge: z.string().nullable(),
  expiresAt: time,
});

/**
 * `members` maps a user's id to a permission; the owner has `admin` without an entry. `formerNames` are full names
 * in small letters that lead to it still.
 */
const repositoryRecord = z.object({
  id,
  ownerId: id,
  name: z.string(),
  formerNames: z.array(z.string()).default([]),
  private: z.boolean(),
  members: z.record(z.string(), permissionSchema),
  forkOf: id.nullable(),
  nextNumber: id,
  createdAt: time,
  pushedAt: time,
});
export type RepositoryRecord = z.infer<typeof repositoryRecord>;

const pullRecord = z.object({
  id,
  headRepositoryId: id,
  headRef: z.string(),
  headSha: z.string(),
  baseRef: z.string(),
  baseSha: z.string(),
  draft: z.boolean(),
  mergedAt: time.nullable(),
  mergedById: id.nullable(),
  mergeCommitSha: z.string().nullable(),
});
type PullRecord = z.infer<typeof pullRecord>;

/** An issue, or a pull request where `pull` is set: GitHub numbers and comments both alike. */
const issueRecord = z.object({
  id,
  repositoryId: id,
  number: id,
  title: z.string(),
  body: z.string().nullable(),
  authorId: id,
  state: z.enum(["open", "closed"]),
  locked: z.boolean(),
  createdAt: time,
  updatedAt: time,
  closedAt: time.nullable(),
  pull: pullRecord.nullable(),
});
export type IssueRecord = z.infer<typeof issueRecord>;
export type PullRequestRecord = IssueRecord & { pull: PullRecord };

const issueCommentRecord = z.object({
  id,
  issueId: id,
  authorId: id,
  body: z.string(),
  createdAt: time,
  updatedAt: time,
});
export type IssueCommentRecord = z.infer<typeof issueCommentRecord>;

const reviewStateSchema = z.enum(["PENDING", "COMMENTED", "APPROVED", "CHANGES_REQUESTED", "DISMISSED"]);
export type ReviewState = z.infer<typeof reviewStateSchema>;

const reviewRecord = z.object({
  id,
  issueId: id,
  authorId: id,
  body: z.string(),
  state: reviewStateSchema,
  commitId: z.string(),
  submittedAt: time.nullable(),
});
export type ReviewRecord = z.infer<typeof reviewRecord>;

export const sideSchema = z.enum(["LEFT", "RIGHT"]);
export type Side = z.infer<typeof sideSchema>;

/** `line` and the rest are the place at creation, on `commitId`; where it is now is worked out when shown. */
const reviewCommentRecord = z.object({
  id,
  reviewId: id,
  issueId: id,
  authorId: id,
  body: z.string(),
  path: z.string(),
  commitId: z.string(),
  subjectType: z.enum(["line", "file"]),
  line: z.int().nullable(),
  side: sideSchema,
  startLine: z.int().nullable(),
  startSide: sideSchema.nullable(),
  position: z.int().nullable(),
  diffHunk: z.string(),
  inReplyTo: id.nullable(),
  createdAt: time,
  updatedAt: time,
});
export type ReviewCommentRecord = z.infer<typeof reviewCommentRecord>;

const hookRecord = z.object({
  id,
  repositoryId: id,
  url: z.string(),
  contentType: z.enum(["json", "form"]),
  secret: z.string().nullable(),
  insecureSsl: z.string(),
  events: z.array(z.string()),
  active: z.boolean(),
  createdAt: time,
  updatedAt: time,
  lastResponse: z.object({ code: z.int().nullable(), status: z.string(), message: z.string().nullable() }),
});
export type HookRecord = z.infer<typeof hookRecord>;

const statusRecord = z.object({
  id,
  repositoryId: id,
  sha: z.string(),
  state: z.enum(["error", "failure", "pending", "success"]),
  targetUrl: z.string().nullable(),
  description: z.string().nullable(),
  context: z.string(),
  creatorId: id,
  createdAt: time,
});
export type StatusRecord = z.infer<typeof statusRecord>;

export const stateSchema = z.object({
  version: z.literal(1),
  nextId: id,
  clientId: z.string(),
  clientSecret: z.string(),
  expiringTokens: z.boolean().default(false),
  users: z.array(userRecord),
  tokens: z.array(tokenRecord),
  grants: z.array(grantRecord),
  codes: z.array(codeRecord),
  repositories: z.array(repositoryRecord),
  issues: z.array(issueRecord),
  issueComments: z.array(issueCommentRecord),
  reviews: z.array(reviewRecord),
  reviewComments: z.array(reviewCommentRecord),
  hooks: z.array(hookRecord),
  statuses: z.array(statusRecord),
});
export type State = z.infer<typeof stateSchema>;

/** One attempt to deliver an event to a hook. `answer` is absent while the receiver has not answered. */
export const deliveryRecord = z.object({
  id,
  hookId: id,
  repositoryId: id,
  guid: z.string(),
  event: z.string(),
  action: z.string().nullable(),
  redelivery: z.boolean(),
  deliveredAt: time,
  url: z.string(),
  requestHeaders: z.record(z.string(), z.string()),
  payload: z.unknown(),
  answer: z
    .object({
      seconds: z.number(),
      status: z.string(),
      code: z.int(),
      headers: z.record(z.string(), z.string()),
      body: z.string(),
    })
    .optional(),
});
export type DeliveryRecord = z.infer<typeof deliveryRecord>;
