import { once } from "node:events";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { askForLink, askForStores, type LinkAnswer, lockDataFolder } from "../src/data-folder-lock.ts";

let dataDir: string;

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), "nectr-lock-"));
});
afterEach(() => rmSync(dataDir, { recursive: true }));

const stores = { databaseUrl: "postgres://nectr@localhost/nectr" };
const answering = (link: () => Promise<LinkAnswer>) => ({ link, stores: async () => stores });

test("a launcher is asked for a link, and answers when it runs", async () => {
  expect(await askForLink(dataDir)).toBeUndefined();
  {
    using lock = await lockDataFolder(dataDir);
    expect(await askForLink(dataDir)).toEqual({ refusal: expect.stringContaining("still starting") });
    let links = 0;
    lock.answerWith(answering(async () => ({ link: `link ${(links += 1)}` })));
    expect(await askForLink(dataDir)).toEqual({ link: "link 1" });
    expect(await askForLink(dataDir)).toEqual({ link: "link 2" });
    lock.answerWith(answering(() => Promise.reject(new Error("the database is away"))));
    expect(await askForLink(dataDir)).toEqual({
      refusal: "No link could be made: the database is away",
    });
  }
  expect(await askForLink(dataDir)).toBeUndefined();
});

test("it is asked where its events and its queue are, too", async () => {
  expect(await askForStores(dataDir)).toBeUndefined();
  using lock = await lockDataFolder(dataDir);
  expect(await askForStores(dataDir)).toEqual({ refusal: expect.stringContaining("still starting") });
  lock.answerWith(answering(async () => ({ link: "a link" })));
  expect(await askForStores(dataDir)).toEqual(stores);
});

test("who finds a folder taken makes no link by it", async () => {
  using lock = await lockDataFolder(dataDir);
  let links = 0;
  lock.answerWith(answering(async () => ({ link: `link ${(links += 1)}` })));
  await expect(lockDataFolder(dataDir)).rejects.toThrow(`already runs on ${dataDir}`);
  expect(await askForLink(dataDir)).toEqual({ link: "link 1" });
});

test("who asks and goes away does no harm", async () => {
  using lock = await lockDataFolder(dataDir);
  const made = Promise.withResolvers<{ link: string }>();
  const asked = Promise.withResolvers<void>();
  lock.answerWith(
    answering(() => {
      asked.resolve();
      return made.promise;
    }),
  );
  const gone = connect(join(dataDir, "launcher.sock"));
  gone.write("link\n");
  await asked.promise;
  gone.destroy();
  await once(gone, "close");
  made.resolve({ link: "for nobody" });
  lock.answerWith(answering(async () => ({ link: "for somebody" })));
  expect(await askForLink(dataDir)).toEqual({ link: "for somebody" });
});

test("nobody but the owner may ask", async () => {
  using _lock = await lockDataFolder(dataDir);
  expect(statSync(join(dataDir, "launcher.sock")).mode & 0o777).toBe(0o600);
});
