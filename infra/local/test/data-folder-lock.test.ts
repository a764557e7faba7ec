import { once } from "node:events";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { askForLink, lockDataFolder } from "../src/data-folder-lock.ts";

let dataDir: string;

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), "nectr-lock-"));
});
afterEach(() => rmSync(dataDir, { recursive: true }));

test("a launcher is asked for a link, and answers when it runs", async () => {
  expect(await askForLink(dataDir)).toBeUndefined();
  {
    using lock = await lockDataFolder(dataDir);
    expect(await askForLink(dataDir)).toEqual({ refusal: expect.stringContaining("still starting") });
    let links = 0;
    lock.answerWith(async () => ({ link: `link ${(links += 1)}` }));
    expect(await askForLink(dataDir)).toEqual({ link: "link 1" });
    expect(await askForLink(dataDir)).toEqual({ link: "link 2" });
    lock.answerWith(() => Promise.reject(new Error("the database is away")));
    expect(await askForLink(dataDir)).toEqual({
      refusal: "No link could be made: the database is away",
    });
  }
  expect(await askForLink(dataDir)).toBeUndefined();
});

test("who finds a folder taken makes no link by it", async () => {
  using lock = await lockDataFolder(dataDir);
  let links = 0;
  lock.answerWith(async () => ({ link: `link ${(links += 1)}` }));
  await expect(lockDataFolder(dataDir)).rejects.toThrow(`already runs on ${dataDir}`);
  expect(await askForLink(dataDir)).toEqual({ link: "link 1" });
});

test("who asks and goes away does no harm", async () => {
  using lock = await lockDataFolder(dataDir);
  const made = Promise.withResolvers<{ link: string }>();
  const asked = Promise.withResolvers<void>();
  lock.answerWith(() => {
    asked.resolve();
    return made.promise;
  });
  const gone = connect(join(dataDir, "launcher.sock"));
  gone.write("link\n");
  await asked.promise;
  gone.destroy();
  await once(gone, "close");
  made.resolve({ link: "for nobody" });
  lock.answerWith(async () => ({ link: "for somebody" }));
  expect(await askForLink(dataDir)).toEqual({ link: "for somebody" });
});

test("nobody but the owner may ask", async () => {
  using _lock = await lockDataFolder(dataDir);
  expect(statSync(join(dataDir, "launcher.sock")).mode & 0o777).toBe(0o600);
});
