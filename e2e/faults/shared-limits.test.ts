import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { fullestWindows, isWrite, type LoggedRequest } from "../src/limit-windows.ts";
import { type OpenedPull, openDefective } from "../src/many-pulls.ts";
import { eventOf, patience, untilReviewed } from "../src/outcomes.ts";
import { createPeople, createShop, type Shop } from "../src/shop.ts";
import { startWholeSystem, type WholeSystem } from "../src/whole-system.ts";

let nectr: WholeSystem;
/** Of octocat, whose limits are met. */
let shops: Shop[];
/** Of mona, who has limits of her own. */
let till: Shop;
let octocatId: number;

beforeAll(async () => {
  // A job that waited in its place would keep a whole worker from everything else.
  nectr = await startWholeSystem({ environment: { WORKER_CONCURRENCY: "1" } });
  const { simulator } = nectr;
  const people = await createPeople(simulator);
  await simulator.createUser({ login: "mona" });
  shops = [];
  for (const name of ["shop", "store", "market"]) shops.push(await createShop(simulator, { name, people }));
  till = await createTill(people);
  await connect("octocat", shops);
  await connect("mona", [till]);
  const octocat = nectr.db.selectFrom("users").select("github_id").where("login", "=", "octocat");
  octocatId = (await octocat.executeTakeFirstOrThrow()).github_id;
  await Promise.all([nectr.addWorker(), nectr.addWorker(), nectr.addWorker()]);
}, 120_000);
afterAll(async () => await nectr?.[Symbol.asyncDispose]());

async function createTill(people: Shop["tokens"]): Promise<Shop> {
  const { simulator } = nectr;
  const repository = await simulator.createRepository({
    owner: "mona",
    name: "till",
    members: { hubot: "write" },
  });
  const begin = { repository: repository.fullName, branch: "main", message: "Begin", author: "mona" };
  await simulator.commit({ ...begin, files: { "README.md": "# Till\n" } });
  return { ...repository, tokens: people };
}

async function connect(login: string, repositories: readonly Shop[]): Promise<void> {
  const session = await nectr.signIn(login);
  for (const { fullName } of repositories) {
    const { status } = await session.request("POST", `/api/v1/repos/${fullName}/install`, {});
    expect(status).toBe(200);
  }
}

let opened = 0;
/** Opens a pull request in each of the repositories, so many times. */
async function openPulls(repositories: readonly Shop[], times = 1): Promise<OpenedPull[]> {
  const pulls: OpenedPull[] = [];
  for (let time = 0; time < times; time += 1) {
    for (const shop of repositories)
      pulls.push(await openDefective(nectr.simulator, shop, `part${(opened += 1)}`));
  }
  return pulls;
}

const untilAllReviewed = (pulls: readonly OpenedPull[]) =>
  Promise.all(pulls.map(({ headSha }) => untilReviewed(nectr.db, headSha)));

const requestsOf = (login: string): LoggedRequest[] =>
  nectr.simulator.requests().filter(({ user }) => user === login);

/** Waits until octocat is to be left in peace. @returns until when, in milliseconds since 1970 */
async function untilPaused(): Promise<number> {
  const row = nectr.db
    .selectFrom("request_limits")
    .select("paused_until")
    .where("account", "=", String(octocatId));
  const pausedUntil = async () => (await row.executeTakeFirstOrThrow()).paused_until.getTime();
  return await vi.waitFor(async () => {
    const until = await pausedUntil();
    expect(until).toBeGreaterThan(Date.now());
    return until;
  }, patience);
}

/** What had been let through before the pause was stored may still be on its way. */
const onTheWayMs = 1_000;

function expectSilence(from: number, until: number): void {
  const within = requestsOf("octocat").filter(({ at }) => {
    const time = Date.parse(at);
    return time > from + onTheWayMs && time < until;
  });
  expect(within).toEqual([]);
}

function expectNoBreach(): void {
  for (const login of ["octocat", "mona"]) {
    const windows = fullestWindows(requestsOf(login));
    expect(windows.writesInASecond).toBeLessThanOrEqual(1);
    expect(windows.writesInAMinute).toBeLessThanOrEqual(80);
    expect(windows.writesInAnHour).toBeLessThanOrEqual(500);
    expect(windows.pointsInAMinute).toBeLessThanOrEqual(900);
  }
  expect(nectr.simulator.hurriedWrites()).toEqual([]);
}

test(
  "four workers that review at once for one user break none of GitHub's limits",
  { timeout: 120_000 },
  async () => {
    const pulls = await openPulls(shops, 3);
    await untilAllReviewed(pulls);
    expectNoBreach();
    // A review and a summary each, and statuses before and after, so that there was something to hold apart.
    const writes = requestsOf("octocat").filter(
      (request) => isWrite(request) && !request.path.endsWith("/hooks"),
    );
    const posts = writes.filter(({ path }) => !path.includes("/statuses/"));
    expect(posts).toHaveLength(2 * pulls.length);
    expect(writes.length).toBeGreaterThanOrEqual(4 * pulls.length);
  },
);

test("a pause that GitHub asked one worker for is kept by all four", { timeout: 120_000 }, async () => {
  const retryAfter = 11;
  nectr.simulator.faults.add({ user: "octocat", times: 1, effect: { kind: "secondary-limit", retryAfter } });
  const pulls = await openPulls(shops, 2);
  const until = await untilPaused();
  await untilAllReviewed(pulls);
  expectSilence(until - retryAfter * 1_000, until);
  expectNoBreach();
});

test(
  "a user whose hour is used up waits for the next one, and nobody else does",
  { timeout: 120_000 },
  async () => {
    nectr.simulator.faults.add({
      user: "octocat",
      times: 1,
      // Long enough for a busy machine to review somebody else's meanwhile.
      effect: { kind: "primary-limit", resetInSeconds: 25 },
    });
    const theirs = await openPulls(shops, 2);
    const until = await untilPaused();
    const from = Date.now();
    const isParked = async ({ headSha }: OpenedPull) =>
      expect(await eventOf(nectr.db, headSha)).toMatchObject({
        status: "pending",
        reason: expect.stringContaining("limit on requests"),
      });
    await vi.waitFor(() => Promise.all(theirs.map(isParked)), patience);

    const hers = await openPulls([till], 2);
    await untilAllReviewed(hers);
    await Promise.all(theirs.map(isParked));
    expect(Date.now()).toBeLessThan(until);

    await untilAllReviewed(theirs);
    expectSilence(from, until);
    expectNoBreach();
  },
);
