import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { connect, read } from "./src/api.ts";
import { defective } from "./src/changes.ts";
import { reviewedHeads, untilEvent, untilReviewed } from "./src/outcomes.ts";
import { cloneShop, createPeople, createShop, openPullRequest, type People } from "./src/shop.ts";
import { startWholeSystem, type WholeSystem } from "./src/whole-system.ts";

const eventsPage = z.object({ events: z.array(z.object({ repository: z.unknown() })).min(1) });

let nectr: WholeSystem;
let people: People;

beforeAll(async () => {
  nectr = await startWholeSystem();
  people = await createPeople(nectr.simulator);
});
afterAll(() => nectr[Symbol.asyncDispose]());

test("a repository is known by its id, whatever its name, its owner, and who takes its old name", async () => {
  const { db, simulator } = nectr;
  const shop = await createShop(simulator, { people });
  const octocat = await nectr.signIn("octocat");
  await connect(octocat, shop);
  await using clone = await cloneShop(simulator, shop);

  // While the event waits, under the old name, that name becomes another repository's.
  await nectr.worker.stop();
  const first = await clone.push("search", defective("first"));
  const number = await openPullRequest(simulator, shop, "search");
  await untilEvent(db, first, { status: "pending", full_name: "octocat/shop" });
  const renamed = simulator.renameRepository("octocat/shop", "store");
  const usurper = await createShop(simulator, { people });
  expect(usurper.fullName).toBe("octocat/shop");
  await using usurpersClone = await cloneShop(simulator, usurper);
  await usurpersClone.push("search", defective("first"));
  expect(await openPullRequest(simulator, usurper, "search")).toBe(number);
  await nectr.worker.start();
  await untilReviewed(db, first);
  const link = { id: shop.id, full_name: renamed };
  expect(await read(octocat, "/api/v1/repos")).toMatchObject({
    repositories: [
      { ...link, connected: true },
      { id: usurper.id, full_name: "octocat/shop", connected: false },
    ],
  });
  expect(await read(octocat, "/api/v1/reviews")).toMatchObject({
    reviews: [{ repository: link, pull_request_url: `${simulator.url}/${renamed}/pull/${number}` }],
  });
  const { events } = eventsPage.parse(await read(octocat, "/api/v1/events"));
  expect(events.map(({ repository }) => repository)).toEqual(events.map(() => link));

  await using renamedClone = await cloneShop(simulator, { ...shop, fullName: renamed });
  const second = await renamedClone.push("search", defective("second"));
  await untilReviewed(db, second);

  const transferred = simulator.transferRepository(renamed, "hubot");
  expect(transferred).toBe("hubot/store");
  await using transferredClone = await cloneShop(simulator, { ...shop, fullName: transferred });
  const third = await transferredClone.push("search", defective("third"));
  await untilReviewed(db, third);
  const hubot = await nectr.signIn("hubot");
  expect(await connect(hubot, { fullName: transferred })).toMatchObject({
    id: shop.id,
    owner: "hubot",
    connected_by: ["octocat", "hubot"],
  });
  expect(await read(hubot, "/api/v1/reviews")).toMatchObject({
    reviews: [{ repository: { id: shop.id, full_name: transferred } }, {}, {}],
  });

  expect(await reviewedHeads(db, shop.id)).toEqual([first, second, third]);
  const reviews = simulator.reviews(transferred, number);
  expect(reviews.map(({ commitId }) => commitId)).toEqual([first, second, third]);
  expect(simulator.reviews(usurper.fullName, number)).toEqual([]);
  expect(simulator.comments(usurper.fullName, number)).toEqual([]);
  const { full_name } = await db
    .selectFrom("repositories")
    .select("full_name")
    .where("id", "=", shop.id)
    .executeTakeFirstOrThrow();
  expect(full_name).toBe(transferred);
  expect(simulator.violations()).toEqual([]);
});
