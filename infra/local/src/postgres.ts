import { type ChildProcess, execFile, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import {
  chownSync,
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { promisify } from "node:util";
import pg from "pg";
import { inheritedEnvironment } from "./config.ts";
import { readOrMakeSecret } from "./read-or-make-secret.ts";
import { findFreePort } from "./ports.ts";
import { startFailure } from "./start-failure.ts";
import { type Account, findPostgresBinaries } from "./postgres-binaries.ts";
import { prepareHome } from "./postgres-home.ts";

/** A PostgreSQL server of our own, listening on 127.0.0.1 only. */
export interface LocalPostgres {
  /** As the superuser, to the database `postgres`. */
  readonly url: string;
  /** Resolves when the server has ended, by `stop` or by itself. */
  readonly exited: Promise<number | null>;
  /** Fast shutdown: open transactions are rolled back, everything committed is on disk. */
  stop(): Promise<void>;
}

/** How long a server may take to come up: recovery after a crash included. */
const startLimitMs = 60_000;

/**
 * Starts PostgreSQL on a free port, making the cluster first where there is none. An orphan of an earlier run that
 * was killed is stopped first.
 * @param options.folder holds `data`, `password` and `postgres.log`; made where it is missing.
 * @param options.durable false for tests: no fsync, so a crash of the machine may lose data.
 * @throws Error with the end of the server's log where it does not come up.
 */
export async function startPostgres(options: { folder: string; durable?: boolean }): Promise<LocalPostgres> {
  const { postgres, initdb, account } = await findPostgresBinaries();
  const home = account === undefined ? options.folder : prepareHome(options.folder);
  mkdirSync(home, { recursive: true });
  const data = join(home, "data");
  const log = join(home, "postgres.log");
  const password = readOrMakeSecret(join(home, "password"), () => randomBytes(24).toString("hex"));

  if (!existsSync(join(data, "PG_VERSION"))) await initialise({ initdb, data, home, password, account });
  await stopOrphan(home);

  const port = await findFreePort();
  const url = `postgres://postgres:${password}@127.0.0.1:${port}/postgres`;
  const output = openSync(log, "a");
  const server = spawn(postgres, ["-D", data, ...settings(port, options.durable ?? true)], {
    cwd: data,
    // A group of its own: Ctrl-C in the terminal must reach the services first, and the database last.
    detached: true,
    stdio: ["ignore", "ignore", output],
    // Tokens and keys are none of its business, and its account may be one that others share.
    env: inheritedEnvironment(),
    ...account,
  });
  closeSync(output);
  const exited = new Promise<number | null>((resolve) => server.once("exit", resolve));
  await untilItAnswers(url, server, log);
  return {
    url,
    exited,
    async stop() {
      // Windows knows no SIGINT for a process without a console; there the pid file makes the next start recover.
      server.kill("SIGINT");
      await exited;
    },
  };
}

function settings(port: number, durable: boolean): string[] {
  const values = {
    port,
    listen_addresses: "127.0.0.1",
    unix_socket_directories: "",
    max_connections: 200,
    ...(durable ? {} : { fsync: "off", synchronous_commit: "off", full_page_writes: "off" }),
  };
  return Object.entries(values).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
}

async function initialise(o: {
  initdb: string;
  data: string;
  home: string;
  password: string;
  account: Account | undefined;
}): Promise<void> {
  // What an interrupted initdb left has no PG_VERSION yet and holds nothing of value.
  rmSync(o.data, { recursive: true, force: true });
  mkdirSync(o.data, { mode: 0o700 });
  const passwordFile = join(o.home, "initdb-password");
  writeFileSync(passwordFile, o.password, { mode: 0o600 });
  if (o.account !== undefined) {
    for (const path of [o.data, passwordFile]) chownSync(path, o.account.uid, o.account.gid);
  }
  try {
    const flags = [
      "-U",
      "postgres",
      "-A",
      "scram-sha-256",
      "-E",
      "UTF8",
      "--locale=C",
      `--pwfile=${passwordFile}`,
    ];
    await promisify(execFile)(o.initdb, ["-D", o.data, ...flags], {
      cwd: o.data,
      env: inheritedEnvironment(),
      ...o.account,
    });
  } finally {
    rmSync(passwordFile, { force: true });
  }
}

/**
 * A launcher that was killed leaves its server running. It is ours if it lets us in with our password; the pid file
 * alone proves nothing, its number may belong to another program by now.
 */
export async function stopOrphan(home: string): Promise<void> {
  const pidFile = join(home, "data", "postmaster.pid");
  if (!existsSync(pidFile)) return;
  const password = readFileSync(join(home, "password"), "utf8").trim();
  // Lines 1 and 4: pid and port (src/include/utils/pidfile.h).
  const [pid, , , port] = readFileSync(pidFile, "utf8").split("\n");
  if (!(await answers(`postgres://postgres:${password}@127.0.0.1:${port}/postgres`))) return;
  process.kill(Number(pid), "SIGINT");
  const deadline = Date.now() + startLimitMs;
  while (existsSync(pidFile)) {
    if (Date.now() > deadline) throw new Error(`PostgreSQL (pid ${pid}) of an earlier run does not stop`);
    await delay(50);
  }
}

async function untilItAnswers(url: string, server: ChildProcess, log: string): Promise<void> {
  const deadline = Date.now() + startLimitMs;
  while (!(await answers(url))) {
    if (server.exitCode !== null || Date.now() > deadline) {
      throw startFailure("PostgreSQL", log);
    }
    await delay(20);
  }
}

async function answers(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2_000 });
  // A server that is starting or stopping may cut the connection after it was made.
  client.on("error", () => {});
  try {
    await client.connect();
    await client.query("select 1");
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => {});
  }
}
