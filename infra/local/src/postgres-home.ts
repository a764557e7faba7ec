import { sha256 } from "@nectr/crypto";
import { lstatSync, mkdirSync, realpathSync, rmSync, statSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";

/** Where root keeps what `nobody` must reach. Nobody but root can write there. */
export const rootsFolder = "/var/lib/nectr";

/**
 * Makes the folder in which a database can live: the folder itself where every account can enter its parents;
 * otherwise (root's home has mode 0700) one under /var/lib/nectr, with a link to it at `folder`, so that the data is
 * found from the checkout all the same.
 */
export function prepareHome(folder: string): string {
  mkdirSync(dirname(folder), { recursive: true });
  const parent = realpathSync(dirname(folder));
  if (everyoneCanEnter(parent)) return folder;

  const home = join(rootsFolder, sha256(join(parent, "postgres")).toString("hex").slice(0, 16));
  mkdirSync(home, { recursive: true, mode: 0o755 });
  const link = lstatSync(folder, { throwIfNoEntry: false });
  if (link?.isSymbolicLink() && realpathSync(folder) === home) return home;
  if (link !== undefined) {
    throw new Error(
      `${folder} exists, but PostgreSQL could not reach it there as "nobody". Move it away first.`,
    );
  }
  symlinkSync(home, folder);
  return home;
}

function everyoneCanEnter(folder: string): boolean {
  if ((statSync(folder).mode & 0o001) === 0) return false;
  return folder === dirname(folder) || everyoneCanEnter(dirname(folder));
}

/** Removes a database's folder, also where `prepareHome` put it elsewhere. The server must have been stopped. */
export function removePostgres(folder: string): void {
  const link = lstatSync(folder, { throwIfNoEntry: false });
  const home = link?.isSymbolicLink() ? realpathSync(folder) : undefined;
  if (home?.startsWith(`${rootsFolder}/`)) rmSync(home, { recursive: true, force: true });
  rmSync(folder, { recursive: true, force: true });
}
