import { chmodSync, mkdirSync, readFileSync, statSync } from "node:fs";
import { createServer } from "node:http";
import { userInfo } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { prepareHouse } from "./house.ts";

const root = userInfo().uid === 0;
const limit = { timeout: 120_000 };

test("starts, reviews, recovers after a kill -9, keeps its data, stops, and begins anew", limit, async () => {
  const house = await prepareHouse();
  const { dataDir, port } = house;
  const first = house.start();
  await first.printed("Nectr runs");
  expect(first.output()).toContain("simulated: no GITHUB_CLIENT_ID, no GITHUB_PAT, and gh is not signed in");
  expect(first.output()).toContain("first review");
  expect(await reviewsOfFirstPullRequest(port)).toHaveLength(1);
  expect(statSync(join(dataDir, "secret-key")).mode & 0o777).toBe(0o600);
  const key = readFileSync(join(dataDir, "secret-key"), "utf8");

  first.signal("SIGKILL");
  await first.exited;
  const second = house.start();
  await second.printed("Nectr runs");
  expect(second.output()).toContain("up to date");
  expect(second.output()).toContain("open already");
  expect(await reviewsOfFirstPullRequest(port)).toHaveLength(1);

  const third = house.start();
  expect(await third.exited).toBe(1);
  expect(third.output()).toContain(`already runs on ${dataDir}`);

  const postgres = house.postgresPid();
  second.signal("SIGINT");
  expect(await second.exited).toBe(0);
  expect(isAlive(postgres)).toBe(false);
  await expect(fetch(`http://127.0.0.1:${port}/health/live`)).rejects.toThrow("fetch failed");

  const anew = house.start({ args: ["--reset"] });
  await anew.printed("first review");
  await anew.printed("Nectr runs");
  expect(anew.output()).toContain("4 opened");
  expect(readFileSync(join(dataDir, "secret-key"), "utf8")).not.toBe(key);
  anew.signal("SIGTERM");
  expect(await anew.exited).toBe(0);
});

test("names a port that is taken, and starts nothing", limit, async () => {
  const house = await prepareHouse();
  const { port } = house;
  const other = createServer().listen(port + 1, "127.0.0.1");
  const launcher = house.start();
  expect(await launcher.exited).toBe(1);
  expect(launcher.output()).toContain(`Port ${port + 1} (for webhook-ingest) taken`);
  expect(launcher.output()).toContain("NECTR_PORT");
  other.close();
});

describe.skipIf(!root)("as root (needs root)", () => {
  test("runs with its data under a home that only root can enter", limit, async () => {
    const house = await prepareHouse("home/nectr/.nectr");
    mkdirSync(join(house.folder, "home"), { mode: 0o700 });
    const launcher = house.start();
    await launcher.printed("Nectr runs");
    launcher.signal("SIGINT");
    expect(await launcher.exited).toBe(0);
    const again = house.start();
    await again.printed("open already");
    again.signal("SIGINT");
    expect(await again.exited).toBe(0);
  });

  test("runs as an ordinary user too", limit, async () => {
    const house = await prepareHouse();
    chmodSync(house.folder, 0o777);
    const launcher = house.start({ uid: 65_534 });
    await launcher.printed("Nectr runs");
    launcher.signal("SIGINT");
    expect(await launcher.exited).toBe(0);
  });
});

async function reviewsOfFirstPullRequest(port: number): Promise<unknown[]> {
  const simulator = `http://127.0.0.1:${port + 10}`;
  const demo = (await (await fetch(`${simulator}/_simulator/demo`)).json()) as {
    tokens: Record<string, string>;
  };
  const reviews = await fetch(`${simulator}/repos/octocat/shop/pulls/1/reviews`, {
    headers: { authorization: `token ${demo.tokens["octocat"]}` },
  });
  return (await reviews.json()) as unknown[];
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
