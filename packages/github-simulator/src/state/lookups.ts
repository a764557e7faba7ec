import type {
  IssueRecord,
  Permission,
  PullRequestRecord,
  RepositoryRecord,
  ReviewCommentRecord,
  State,
  UserRecord,
} from "./model.ts";

/** The user with this login, whatever its case, as GitHub compares logins. */
export function userByLogin(state: State, login: string): UserRecord | undefined {
  const wanted = login.toLowerCase();
  return state.users.find((user) => user.login.toLowerCase() === wanted);
}

/** The user with this id. Throws where there is none: records only ever name users that exist. */
export function userById(state: State, id: number): UserRecord {
  const user = state.users.find((candidate) => candidate.id === id);
  if (!user) throw new Error(`no user has the id ${id}`);
  return user;
}

/** The repository with this id. Throws where there is none. */
export function repositoryById(state: State, id: number): RepositoryRecord {
  const repository = state.repositories.find((candidate) => candidate.id === id);
  if (!repository) throw new Error(`no repository has the id ${id}`);
  return repository;
}

/** `owner/name`, whatever its case. */
export function repositoryByFullName(state: State, fullName: string): RepositoryRecord | undefined {
  const wanted = fullName.toLowerCase();
  return state.repositories.find((repository) => fullNameOf(state, repository).toLowerCase() === wanted);
}

/** The repository that had this name, whatever its case, and that it still leads to. */
export function repositoryByFormerName(state: State, fullName: string): RepositoryRecord | undefined {
  const wanted = fullName.toLowerCase();
  return state.repositories.find((repository) => repository.formerNames.includes(wanted));
}

export function fullNameOf(state: State, repository: RepositoryRecord): string {
  return `${userById(state, repository.ownerId).login}/${repository.name}`;
}

/** What a user may do in a repository; undefined where it is hidden from them. */
export function permissionOf(
  repository: RepositoryRecord,
  user: UserRecord | undefined,
): Permission | undefined {
  if (user?.id === repository.ownerId) return "admin";
  const member = user && repository.members[String(user.id)];
  return member ?? (repository.private ? undefined : "read");
}

/** True where the user may push: `admin` or `write`. */
export function mayWrite(permission: Permission | undefined): boolean {
  return permission === "admin" || permission === "write";
}

export function issueByNumber(
  state: State,
  repository: RepositoryRecord,
  number: number,
): IssueRecord | undefined {
  return state.issues.find((issue) => issue.repositoryId === repository.id && issue.number === number);
}

export function isPullRequest(issue: IssueRecord): issue is PullRequestRecord {
  return issue.pull !== null;
}

export function pullRequestByNumber(
  state: State,
  repository: RepositoryRecord,
  number: number,
): PullRequestRecord | undefined {
  const issue = issueByNumber(state, repository, number);
  return issue && isPullRequest(issue) ? issue : undefined;
}

/** The inline and file-level comments of a pull request's submitted reviews, oldest first. */
export function postedComments(state: State, issue: IssueRecord): ReviewCommentRecord[] {
  const pending = new Set(state.reviews.filter((review) => review.state === "PENDING").map(({ id }) => id));
  return state.reviewComments.filter(
    (comment) => comment.issueId === issue.id && !pending.has(comment.reviewId),
  );
}

/** What GitHub calls the author's association with the repository. */
export function associationOf(
  repository: RepositoryRecord,
  userId: number,
): "OWNER" | "COLLABORATOR" | "NONE" {
  if (userId === repository.ownerId) return "OWNER";
  return repository.members[String(userId)] ? "COLLABORATOR" : "NONE";
}
