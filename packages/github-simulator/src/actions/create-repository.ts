import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import { type World, gitDir, timestamp } from "../world.ts";
import { cloneBareRepository, createBareRepository } from "../git/repositories.ts";
import { repositoryByFullName, userByLogin } from "../state/lookups.ts";
import type { Permission, RepositoryRecord, State } from "../state/model.ts";

export interface NewRepository {
  readonly owner: string;
  readonly name: string;
  readonly private?: boolean | undefined;
  /** By login. */
  readonly members?: Readonly<Record<string, Permission>> | undefined;
  /** The path of a git repository that is copied. */
  readonly from?: string | undefined;
  /** `owner/name` of the repository that this is a fork of, which is copied. */
  readonly forkOf?: string | undefined;
}

/** Adds a repository with a bare git repository of its own. Throws where the owner or a member is unknown. */
export async function addRepository(world: World, options: NewRepository): Promise<RepositoryRecord> {
  const { state } = world.store;
  const owner = requireUser(world, options.owner);
  requireFreeName(state, owner.login, options.name);
  const parent = options.forkOf === undefined ? undefined : requireRepository(world, options.forkOf);
  const record: RepositoryRecord = {
    id: world.store.nextId(),
    ownerId: owner.id,
    name: options.name,
    formerNames: [],
    private: options.private ?? false,
    members: Object.fromEntries(
      Object.entries(options.members ?? {}).map(([login, permission]) => [
        requireUser(world, login).id,
        permission,
      ]),
    ),
    forkOf: parent?.id ?? null,
    nextNumber: 1,
    createdAt: timestamp(world),
    pushedAt: timestamp(world),
  };
  const dir = gitDir(world, record);
  await mkdir(dirname(dir), { recursive: true });
  const from = options.from ?? (parent && gitDir(world, parent));
  await (from ? cloneBareRepository(from, dir) : createBareRepository(dir));
  claimName(state, `${owner.login}/${record.name}`);
  state.repositories.push(record);
  world.store.save();
  return record;
}

/** Throws where the name is none, or another repository has it. */
export function requireFreeName(state: State, owner: string, name: string, mine?: RepositoryRecord): void {
  if (!/^[\w.-]+$/.test(name)) throw new Error(`no name for a repository: ${name}`);
  const known = repositoryByFullName(state, `${owner}/${name}`);
  if (known && known !== mine) throw new Error(`${owner}/${name} exists`);
}

/** A name that a repository takes leads to none that had it before. */
export function claimName(state: State, fullName: string): void {
  const taken = fullName.toLowerCase();
  for (const repository of state.repositories) {
    repository.formerNames = repository.formerNames.filter((name) => name !== taken);
  }
}

/** The user with this login. Throws where there is none. */
export function requireUser(world: World, login: string) {
  const user = userByLogin(world.store.state, login);
  if (!user) throw new Error(`no user ${login}`);
  return user;
}

/** The repository `owner/name`. Throws where there is none. */
export function requireRepository(world: World, fullName: string): RepositoryRecord {
  const repository = repositoryByFullName(world.store.state, fullName);
  if (!repository) throw new Error(`no repository ${fullName}`);
  return repository;
}
