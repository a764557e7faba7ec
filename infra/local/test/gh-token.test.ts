import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { askGhForToken } from "../src/gh-token.ts";
import { writeGh, writeProgram } from "./fake-gh.ts";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "nectr-gh-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const ask = (host: string, timeoutMs?: number) =>
  askGhForToken(host, { environment: { PATH: folder }, ...(timeoutMs !== undefined && { timeoutMs }) });

describe("asking gh for its token", () => {
  test("gives the token of the server that is asked for, and of no other", async () => {
    writeGh(folder, "gho_own");
    expect(await ask("127.0.0.1")).toBe("gho_own");
    expect(await ask("github.com")).toBeUndefined();
  });

  test("gives none where gh is signed out", async () => {
    writeGh(folder, undefined);
    expect(await ask("127.0.0.1")).toBeUndefined();
  });

  test("gives none where there is no gh", async () => {
    expect(await ask("127.0.0.1")).toBeUndefined();
  });

  test("takes nothing that is not a token", async () => {
    writeProgram(folder, "gh", ["echo 'A new release of gh is available'"]);
    expect(await ask("127.0.0.1")).toBeUndefined();
    writeProgram(folder, "gh", ["echo gho_revoked", "exit 1"]);
    expect(await ask("127.0.0.1")).toBeUndefined();
    writeProgram(folder, "gh", ["exit 0"]);
    expect(await ask("127.0.0.1")).toBeUndefined();
  });

  test("does not wait for a gh that hangs", async () => {
    writeProgram(folder, "gh", ["while :; do :; done"]);
    expect(await ask("127.0.0.1", 100)).toBeUndefined();
  });
});
