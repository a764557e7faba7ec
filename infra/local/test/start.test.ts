import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { findFreePort } from "../src/ports.ts";
import { removePostgres } from "../src/postgres-home.ts";
import { stopOrphan } from "../src/postgres.ts";
import { launch, type Launcher } from "./launcher.ts";

const root = userInfo().uid === 0;
const running: Launcher[] = [];
let folder: string;
let dataDir: string;
let port: number;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "nectr-start-"));
  chmodSync(folder, 0o755);
  dataDir = join(folder, "data");
  port = await findFirstOfPorts();
});
afterEach(async () => {
  for (const launcher of running.splice(0)) {
    launcher.signal("SIGKILL");
    await launcher.exited;
  }
  await stopOrphan(join(dataDir, "postgres"));
  removePostgres(join(dataDir, "postgres"));
  rmSync(folder, { recursive: true, force: true });
});

const limit = { timeout: 120_000 };

test("starts, reviews, recovers after a kill -9, keeps its data, stops, and begins anew", limit, async () => {
  const first = start();
  await first.printed("Nectr runs");
  expect(first.output()).toContain("first review");
  expect(await reviewsOfFirstPullRequest()).toHaveLength(1);
  expect(statSync(join(dataDir, "secret-key")).mode & 0o777).toBe(0o600);
  const key = readFileSync(join(dataDir, "secret-key"), "utf8");

  first.signal("SIGKILL");
  await first.exited;
  const second = start();
  await second.printed("Nectr runs");
  expect(second.output()).toContain("up to date");
  expect(second.output()).toContain("open already");
  expect(await reviewsOfFirstPullRequest()).toHaveLength(1);

  const third = start();
  expect(await third.exited).toBe(1);
  expect(third.output()).toContain(`already runs on ${dataDir}`);

  const postgres = postmasterPid();
  second.signal("SIGINT");
  expect(await second.exited).toBe(0);
  expect(isAlive(postgres)).toBe(false);
  await expect(fetch(`http://127.0.0.1:${port}/health/live`)).rejects.toThrow("fetch failed");

  const anew = start("--reset");
  await anew.printed("first review");
  await anew.printed("Nectr runs");
  expect(anew.output()).toContain("4 opened");
  expect(readFileSync(join(dataDir, "secret-key"), "utf8")).not.toBe(key);
  anew.signal("SIGTERM");
  expect(await anew.exited).toBe(0);
});

test("names a port that is taken, and starts nothing", limit, async () => {
  const other = createServer().listen(port + 1, "127.0.0.1");
  const launcher = start();
  expect(await launcher.exited).toBe(1);
  expect(launcher.output()).toContain(`Port ${port + 1} (for webhook-ingest) taken`);
  expect(launcher.output()).toContain("NECTR_PORT");
  other.close();
});

describe.skipIf(!root)("as root (needs root)", () => {
  test("runs with its data under a home that only root can enter", limit, async () => {
    const home = join(folder, "home");
    mkdirSync(home, { mode: 0o700 });
    dataDir = join(home, "nectr", ".nectr");
    const launcher = start();
    await launcher.printed("Nectr runs");
    launcher.signal("SIGINT");
    expect(await launcher.exited).toBe(0);
    const again = start();
    await again.printed("open already");
    again.signal("SIGINT");
    expect(await again.exited).toBe(0);
  });

  test("runs as an ordinary user too", limit, async () => {
    chmodSync(folder, 0o777);
    const launcher = launch({ dataDir, port, uid: 65_534 });
    running.push(launcher);
    await launcher.printed("Nectr runs");
    launcher.signal("SIGINT");
    expect(await launcher.exited).toBe(0);
  });
});

function start(...args: string[]): Launcher {
  const launcher = launch({ dataDir, port, args });
  running.push(launcher);
  return launcher;
}

async function reviewsOfFirstPullRequest(): Promise<unknown[]> {
  const simulator = `http://127.0.0.1:${port + 10}`;
  const demo = (await (await fetch(`${simulator}/_simulator/demo`)).json()) as {
    tokens: Record<string, string>;
  };
  const reviews = await fetch(`${simulator}/repos/octocat/shop/pulls/1/reviews`, {
    headers: { authorization: `token ${demo.tokens["octocat"]}` },
  });
  return (await reviews.json()) as unknown[];
}

function postmasterPid(): number {
  return Number(readFileSync(join(dataDir, "postgres", "data", "postmaster.pid"), "utf8").split("\n")[0]);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** A port whose neighbours that the launcher takes (+1, +2, +10) are free as well. */
async function findFirstOfPorts(): Promise<number> {
  return await vi.waitUntil(async () => {
    const candidate = await findFreePort();
    const neighbours = await Promise.all([1, 2, 10].map((offset) => canListen(candidate + offset)));
    return neighbours.every(Boolean) ? candidate : undefined;
  }, limit);
}

async function canListen(candidate: number): Promise<boolean> {
  const probe = createServer();
  return await new Promise((resolve) => {
    probe.once("error", () => resolve(false));
    probe.listen(candidate, "127.0.0.1", () => probe.close(() => resolve(true)));
  });
}
