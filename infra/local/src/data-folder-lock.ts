import { sha256 } from "@nectr/crypto";
import { chmodSync, existsSync, mkdirSync, rmSync } from "node:fs";
import { connect, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { z } from "zod";

/** The right to run on a data folder. */
export interface Lock extends Disposable {
  /** An earlier launcher was killed: its services may still be stopping. */
  readonly afterCrash: boolean;
  /** From now on `askForLink` and `askForStores` are answered so. */
  answerWith(answers: Answers): void;
}

/** What a launcher says to those who ask. */
export interface Answers {
  readonly link: () => Promise<LinkAnswer>;
  readonly stores: () => Promise<StoresAnswer>;
}

const refusal = z.object({ refusal: z.string() });
const linkSchema = z.union([z.object({ link: z.string() }), refusal]);
const storesSchema = z.union([
  z.object({ databaseUrl: z.string(), redisUrl: z.string().optional() }),
  refusal,
]);

/** A link by which a person signs in, or why there is none. */
export type LinkAnswer = z.infer<typeof linkSchema>;

/** Where the events are, and where the queue is; or why that is not known. */
export type StoresAnswer = z.infer<typeof storesSchema>;

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
  const other = await reach(path);
  if (other !== undefined) {
    other.destroy();
    throw new Error(`Nectr already runs on ${dataDir}. Stop it first, or set NECTR_DATA_DIR and NECTR_PORT.`);
  }
  const afterCrash = existsSync(path);
  rmSync(path, { force: true });
  const starting = async () => ({ refusal: "Nectr is still starting. Ask once it runs." });
  let answers: Answers = { link: starting, stores: starting };
  const server = createServer((socket) => {
    // Whoever asked and is gone needs no answer.
    socket.on("error", () => socket.destroy());
    socket.once("data", (asked) => void reply(socket, asked.toString(), answers));
  }).unref();
  await new Promise<void>((resolve, reject) => server.once("error", reject).listen(path, resolve));
  // Whoever may write to it may sign in, and reach the database.
  if (process.platform !== "win32") chmodSync(path, 0o600);
  return {
    afterCrash,
    answerWith: (present) => void (answers = present),
    [Symbol.dispose]: () => void server.close(),
  };
}

/**
 * Asks the launcher that runs on the data folder for a link. The launcher alone knows how it was configured: much of
 * that may have stood on its command line.
 * @returns undefined where none runs.
 * @throws Error where it does not answer.
 */
export async function askForLink(dataDir: string): Promise<LinkAnswer | undefined> {
  return await ask(dataDir, "link", linkSchema);
}

/** The same for its stores. It may run a database of its own, on a port that changes with each start. */
export async function askForStores(dataDir: string): Promise<StoresAnswer | undefined> {
  return await ask(dataDir, "stores", storesSchema);
}

async function ask<T>(dataDir: string, what: keyof Answers, schema: z.ZodType<T>): Promise<T | undefined> {
  const socket = await reach(socketPath(dataDir));
  if (socket === undefined) return undefined;
  socket.write(`${what}\n`);
  const answer = await text(socket);
  if (answer === "")
    throw new Error("Nectr is stopping. Start it again with npm start, and ask once it runs.");
  return schema.parse(JSON.parse(answer));
}

async function reply(socket: Socket, asked: string, answers: Answers): Promise<void> {
  const answer = asked.startsWith("stores") ? answers.stores : answers.link;
  const said = await answer().catch((error: unknown) => ({
    refusal: `No link could be made: ${error instanceof Error ? error.message : String(error)}`,
  }));
  socket.end(JSON.stringify(said));
}

function socketPath(dataDir: string): string {
  const name = `nectr-${sha256(dataDir).toString("hex").slice(0, 16)}`;
  if (process.platform === "win32") return `\\\\.\\pipe\\${name}`;
  const inside = join(dataDir, "launcher.sock");
  return Buffer.byteLength(inside) <= longestSocketPath ? inside : join(tmpdir(), `${name}.sock`);
}

/** A connection to whoever listens there; undefined where nobody does. @throws Error where it is somebody else's */
async function reach(path: string): Promise<Socket | undefined> {
  return await new Promise((resolve, reject) => {
    const socket = connect(path);
    socket.once("connect", () => resolve(socket));
    socket.once("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "EACCES" || error.code === "EPERM") reject(error);
      else resolve(undefined);
    });
  });
}
