import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createPoll } from "../src/jobs/poll.ts";
import { answering } from "./answering-model.ts";
import { clean, injection } from "./changes.ts";
import { startWorker, type WorkerUnderTest } from "./worker-under-test.ts";

let worker: WorkerUnderTest;
beforeEach(async () => {
  worker = await startWorker();
});
afterEach(async () => {
  expect(worker.simulator.violations()).toEqual([]);
  await worker[Symbol.asyncDispose]();
});

const reviews = (fullName: string) => worker.simulator.reviews(fullName, 1);
const comments = (fullName: string) => worker.simulator.comments(fullName, 1);
const storedName = async () =>
  (
    await worker.db
      .selectFrom("repositories")
      .select("full_name")
      .where("id", "=", worker.repository.id)
      .executeTakeFirstOrThrow()
  ).full_name;

/** Another repository under the name that ours had, with a pull request of the same number. */
async function takeName(fullName: string): Promise<void> {
  const [owner = "", name = ""] = fullName.split("/");
  await worker.simulator.createRepository({ owner, name });
  const commit = { repository: fullName, message: "Change", author: "octocat" };
  await worker.simulator.commit({ ...commit, branch: "main", files: { "README.md": "# Other\n" } });
  await worker.simulator.commit({ ...commit, branch: "change", from: "main", files: { "a.js": injection } });
  await worker.simulator.openPullRequest({
    repository: fullName,
    head: "change",
    title: "Another change",
    author: "octocat",
  });
}

describe("an event that waits while its repository", () => {
  test("is renamed is reviewed under the new name", async () => {
    const { head, eventId } = await worker.opened(injection);
    const name = worker.simulator.renameRepository(worker.repository.fullName, "store");
    await worker.run(eventId);
    expect(reviews(name)).toMatchObject([{ commitId: head }]);
    expect(comments(name)[0]?.body).toContain(`/${name}/`);
    expect(await storedName()).toBe("octocat/store");
    const writes = worker.simulator.writes().map(({ path }) => path);
    expect(writes.every((path) => path.startsWith("/repos/octocat/store/"))).toBe(true);
  });

  test("goes to another owner is reviewed there", async () => {
    const { head, eventId } = await worker.opened(injection);
    const name = worker.simulator.transferRepository(worker.repository.fullName, "hubot");
    await worker.run(eventId);
    expect(reviews(name)).toMatchObject([{ commitId: head }]);
    expect(await storedName()).toBe("hubot/shop");
  });

  test("loses its name to another one is reviewed, and the other one is not", async () => {
    const former = worker.repository.fullName;
    const { head, eventId } = await worker.opened(injection);
    const name = worker.simulator.renameRepository(former, "store");
    await takeName(former);
    await worker.run(eventId);
    expect(reviews(name)).toMatchObject([{ commitId: head }]);
    expect([...reviews(former), ...comments(former)]).toEqual([]);
    expect(await storedName()).toBe("octocat/store");
  });
});

test("a name that is lost in the middle of a review costs a second look, and the other one gets nothing", async () => {
  const former = worker.repository.fullName;
  const { head, eventId } = await worker.opened(injection);
  let name = "";
  const model = answering(undefined, async () => {
    if (name !== "") return;
    name = worker.simulator.renameRepository(former, "store");
    // A copy, so that its pull request has the very same head.
    await worker.simulator.createRepository({ owner: "octocat", name: "shop", forkOf: name });
    const copy = { repository: former, head: "change", title: "The same change", author: "octocat" };
    expect(await worker.simulator.openPullRequest(copy)).toEqual({ number: 1, headSha: head });
  });
  await worker.run(eventId, { model });
  await expect.poll(() => worker.run(eventId, { model })).toEqual({ kind: "done" });
  expect(reviews(name)).toMatchObject([{ commitId: head }]);
  expect([...reviews(former), ...comments(former)]).toEqual([]);
});

describe("a polled repository", () => {
  beforeEach(async () => {
    await worker.db.updateTable("repositories").set({ polled: true }).execute();
  });

  async function pollAndWork(): Promise<string[]> {
    const poll = createPoll({ ...worker.deps, intervalMs: 1, onPoll: () => {} });
    const events = await poll(new AbortController().signal);
    for (const { eventId } of events) await worker.run(eventId);
    return events.map(({ action }) => action);
  }

  async function openPull(): Promise<string> {
    const head = await worker.push("change", { "src/change.js": injection });
    await worker.open("change");
    return head;
  }

  test("is followed to its new name", async () => {
    const head = await openPull();
    const name = worker.simulator.renameRepository(worker.repository.fullName, "store");
    expect(await pollAndWork()).toEqual(["opened"]);
    expect(reviews(name)).toMatchObject([{ commitId: head }]);
    expect(await storedName()).toBe("octocat/store");
  });

  test("is followed when it has no pull request", async () => {
    worker.simulator.transferRepository(worker.repository.fullName, "hubot");
    expect(await pollAndWork()).toEqual([]);
    expect(await storedName()).toBe("hubot/shop");
  });

  test.each([true, false])(
    "whose name is another one's now is polled by its own (the other has a pull request: %s)",
    async (open) => {
      const former = worker.repository.fullName;
      const head = await openPull();
      expect(await pollAndWork()).toEqual(["opened"]);
      const newer = await worker.push("change", { "src/more.js": clean });
      const name = worker.simulator.renameRepository(former, "store");
      if (open) await takeName(former);
      else await worker.simulator.createRepository({ owner: "octocat", name: "shop" });
      expect(await pollAndWork()).toEqual(["synchronize"]);
      expect(reviews(name).map(({ commitId }) => commitId)).toEqual([head]);
      expect(comments(name)[0]?.body).toContain(newer.slice(0, 7));
      expect(await storedName()).toBe("octocat/store");
      if (open) expect([...reviews(former), ...comments(former)]).toEqual([]);
    },
  );
});
