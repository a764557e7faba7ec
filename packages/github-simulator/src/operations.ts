import { type NewUser, addToken, addUser, endTokens, removeTokens } from "./actions/accounts.ts";
import { type FileCommit, commitFiles } from "./actions/commit-files.ts";
import {
  type NewRepository,
  addRepository,
  requireRepository,
  requireUser,
} from "./actions/create-repository.ts";
import { moveRepository } from "./actions/move-repository.ts";
import { type NewPull, openPull } from "./actions/open-pull.ts";
import { fullNameOf, issueByNumber, userById } from "./state/lookups.ts";
import type { IssueCommentRecord, IssueRecord, ReviewCommentRecord, ReviewRecord } from "./state/model.ts";
import type { World } from "./world.ts";

/** A review as it was posted, or is pending, with its author. */
export interface PostedReview extends ReviewRecord {
  readonly login: string;
  readonly comments: readonly ReviewCommentRecord[];
}

/** A comment in the conversation, with its author. */
export interface PostedComment extends IssueCommentRecord {
  readonly login: string;
}

/** What a test or a demo does at this GitHub, and looks up in it, without a request. */
export interface Operations {
  createUser(user: NewUser): Promise<{ id: number; login: string; token: string }>;
  /** A further personal token with all scopes. */
  createToken(login: string): string;
  createRepository(repository: NewRepository): Promise<{ id: number; fullName: string }>;
  /** Both return the new full name. The old one leads there until a repository takes it. */
  renameRepository(fullName: string, newName: string): string;
  transferRepository(fullName: string, newOwner: string): string;
  removeCollaborator(fullName: string, login: string): void;
  /** Commits and pushes; returns the commit's sha. */
  commit(commit: FileCommit): Promise<string>;
  openPullRequest(
    pull: NewPull & { readonly repository: string; readonly author: string },
  ): Promise<{ number: number; headSha: string }>;
  revokeToken(token: string): void;
  /** The OAuth app's setting: the tokens that it gets from now on end after eight hours, and can be refreshed. */
  setExpiringTokens(expiring: boolean): void;
  /** Ends at once the tokens that the OAuth app holds for the user. What refreshes them stays good. */
  expireTokens(login: string): void;
  reviews(fullName: string, number: number): readonly PostedReview[];
  /** The conversation of an issue or pull request. */
  comments(fullName: string, number: number): readonly PostedComment[];
}

/** The operations on a world. */
export function createOperations(world: World): Operations {
  const { store } = world;
  return {
    async createUser(user) {
      const { id, login } = addUser(world, user);
      return { id, login, token: addToken(world, requireUser(world, login)).token };
    },
    createToken: (login) => addToken(world, requireUser(world, login)).token,
    async createRepository(repository) {
      const record = await addRepository(world, repository);
      return { id: record.id, fullName: fullNameOf(store.state, record) };
    },
    renameRepository(fullName, name) {
      const repository = requireRepository(world, fullName);
      moveRepository(world, repository, { name });
      return fullNameOf(store.state, repository);
    },
    transferRepository(fullName, newOwner) {
      const repository = requireRepository(world, fullName);
      moveRepository(world, repository, { owner: requireUser(world, newOwner) });
      return fullNameOf(store.state, repository);
    },
    removeCollaborator(fullName, login) {
      delete requireRepository(world, fullName).members[String(requireUser(world, login).id)];
      store.save();
    },
    commit: (commit) => commitFiles(world, commit),
    async openPullRequest({ repository, author, ...pull }) {
      const issue = await openPull(
        world,
        requireRepository(world, repository),
        requireUser(world, author),
        pull,
      );
      return { number: issue.number, headSha: issue.pull.headSha };
    },
    revokeToken(token) {
      removeTokens(world, (candidate) => candidate.token === token);
    },
    setExpiringTokens(expiring) {
      store.state.expiringTokens = expiring;
      store.save();
    },
    expireTokens: (login) => endTokens(world, requireUser(world, login)),
    reviews(fullName, number) {
      const issue = requireIssue(world, fullName, number);
      return store.state.reviews
        .filter((review) => review.issueId === issue.id)
        .map((review) => ({
          ...review,
          login: userById(store.state, review.authorId).login,
          comments: store.state.reviewComments.filter((comment) => comment.reviewId === review.id),
        }));
    },
    comments(fullName, number) {
      const issue = requireIssue(world, fullName, number);
      return store.state.issueComments
        .filter((comment) => comment.issueId === issue.id)
        .map((comment) => ({ ...comment, login: userById(store.state, comment.authorId).login }));
    },
  };
}

function requireIssue(world: World, fullName: string, number: number): IssueRecord {
  const issue = issueByNumber(world.store.state, requireRepository(world, fullName), number);
  if (!issue) throw new Error(`${fullName} has no issue or pull request ${number}`);
  return issue;
}
