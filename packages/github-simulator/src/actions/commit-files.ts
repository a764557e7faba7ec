import { type World, gitDir } from "../world.ts";
import { writeCommit } from "../git/commit.ts";
import { branchTip, defaultBranch } from "../git/refs.ts";
import { userById } from "../state/lookups.ts";
import { requireRepository, requireUser } from "./create-repository.ts";
import { afterPush } from "./push.ts";

export interface FileCommit {
  /** `owner/name`. */
  readonly repository: string;
  readonly branch: string;
  /** The branch that a new one starts from; by default the default branch. */
  readonly from?: string | undefined;
  /** By path: the new content, or null to delete the file. */
  readonly files: Readonly<Record<string, string | Uint8Array | null>>;
  readonly message: string;
  /** A login; by default the repository's owner. */
  readonly author?: string | undefined;
}

/** Commits files to a branch and does all that a push of it would do. Returns the commit's sha. */
export function commitFiles(world: World, options: FileCommit): Promise<string> {
  const repository = requireRepository(world, options.repository);
  const dir = gitDir(world, repository);
  const author = options.author
    ? requireUser(world, options.author)
    : userById(world.store.state, repository.ownerId);
  return world.oneAtATime(dir, async () => {
    const before = await branchTip(dir, options.branch);
    const start = before ?? (await branchTip(dir, options.from ?? (await defaultBranch(dir))));
    if (options.from !== undefined && start === undefined) throw new Error(`no branch ${options.from}`);
    const after = await writeCommit(dir, {
      branch: options.branch,
      startSha: start,
      files: options.files,
      message: options.message,
      author: { name: author.name ?? author.login, email: author.email },
      at: world.now(),
    });
    await afterPush(world, repository, [{ branch: options.branch, before, after }], author);
    return after;
  });
}
