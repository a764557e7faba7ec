import { sha256 } from "@nectr/crypto";
import { existsSync, mkdirSync, rmSync } from "node:fs";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** The right to run on a data folder. */
export interface Lock extends Disposable {
  /** An earlier launcher was killed: its services may still be stopping. */
  readonly afterCrash: boolean;
}

/** A socket's path has room for 108 bytes, 104 on macOS (sun_path in sys/un.h). */
const longestSocketPath = 100;

/**
 * Makes sure that no other launcher runs on the same data folder, by listening on a socket in it. Unlike a file with
 * a process id, a socket can't be held by a process that is gone.
 * @throws Error where another one runs.
 */
export async function lockDataFolder(dataDir: string): Promise<Lock> {
  mkdirSync(dataDir, { recursive: true });
  const path = socketPath(dataDir);
  if (await answers(path)) {
    throw new Error(`Nectr already runs on ${dataDir}. Stop it first, or set NECTR_DATA_DIR and NECTR_PORT.`);
  }
  const afterCrash = existsSync(path);
  rmSync(path, { force: true });
  const server = createServer((socket) => socket.destroy()).unref();
  await new Promise<void>((resolve, reject) => server.once("error", reject).listen(path, resolve));
  return { afterCrash, [Symbol.dispose]: () => void server.close() };
}

function socketPath(dataDir: string): string {
  const name = `nectr-${sha256(dataDir).toString("hex").slice(0, 16)}`;
  if (process.platform === "win32") return `\\\\.\\pipe\\${name}`;
  const inside = join(dataDir, "launcher.sock");
  return Buffer.byteLength(inside) <= longestSocketPath ? inside : join(tmpdir(), `${name}.sock`);
}

async function answers(path: string): Promise<boolean> {
  return await new Promise((resolve) => {
    const socket = connect(path);
    socket.once("connect", () => resolve(true));
    socket.once("error", () => resolve(false));
    socket.once("close", () => socket.destroy());
  });
}
