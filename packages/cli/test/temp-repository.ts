import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";

const execute = promisify(execFile);

/** A git repository in a folder of its own, on the branch `main`, as a person has it. */
export interface TempRepository extends AsyncDisposable {
  readonly dir: string;
  git(...args: string[]): Promise<string>;
  /** Writes files into the working tree. */
  write(files: Readonly<Record<string, string>>): Promise<void>;
  /** Writes files, and commits all there is. */
  commit(files: Readonly<Record<string, string>>, message?: string): Promise<void>;
}

export async function createRepository(): Promise<TempRepository> {
  const dir = await mkdtemp(join(tmpdir(), "nectr-cli-"));
  const git = async (...args: string[]) => {
    const who = [
      "-c",
      "user.name=Ada",
      "-c",
      "user.email=ada@example.com",
      "-c",
      "protocol.file.allow=always",
    ];
    const { stdout } = await execute("git", ["-C", dir, ...who, ...args]);
    return stdout.trim();
  };
  const write = async (files: Readonly<Record<string, string>>) => {
    for (const [path, text] of Object.entries(files)) {
      await mkdir(dirname(join(dir, path)), { recursive: true });
      await writeFile(join(dir, path), text);
    }
  };
  await git("init", "--quiet", "--initial-branch=main");
  return {
    dir,
    git,
    write,
    async commit(files, message = "A change") {
      await write(files);
      await git("add", "--all");
      await git("commit", "--quiet", "--allow-empty", "--message", message);
    },
    [Symbol.asyncDispose]: () => rm(dir, { recursive: true, force: true }),
  };
}
