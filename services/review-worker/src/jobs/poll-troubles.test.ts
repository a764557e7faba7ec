import { ReconnectNeeded } from "@nectr/accounts";
import { GitHubNotFound, GitHubRateLimited, GitHubUnauthorized } from "@nectr/github";
import type { Logger } from "@nectr/service";
import { beforeEach, expect, test } from "vitest";
import { createPollTroubles, type PollTroubles } from "./poll-troubles.ts";

const shop = { id: 42, fullName: "octocat/shop" };
const minute = 60_000;

let lines: string[];
let minutes: number;
let troubles: PollTroubles;
beforeEach(() => {
  lines = [];
  minutes = 0;
  const logger = {
    warn: (_context: object, message: string) => lines.push(`warn: ${message}`),
    info: (_context: object, message: string) => lines.push(`info: ${message}`),
  } as unknown as Logger;
  troubles = createPollTroubles({ intervalMs: minute, logger, now: () => minutes * minute });
});

/** The minutes, of so many, in which the repository is asked for, and fails. */
function asked(during: number, error: Error): number[] {
  const times: number[] = [];
  for (minutes = 0; minutes < during; minutes += 1) {
    if (troubles.rests(shop)) continue;
    times.push(minutes);
    troubles.failed(shop, error);
  }
  return times;
}

test("what is refused is asked for ever more rarely, down to each quarter of an hour", () => {
  expect(asked(80, new GitHubNotFound("gone"))).toEqual([0, 1, 3, 7, 15, 30, 45, 60, 75]);
});

test("a limit is waited for to its end", () => {
  expect(asked(30, new GitHubRateLimited("slow down", new Date(20 * minute)))).toEqual([
    0, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29,
  ]);
  expect(troubles.failed(shop, new GitHubRateLimited("slow down", new Date(0)))).toBe("limited");
});

test("a user who has to sign in again costs no request, and is looked for each time", () => {
  expect(asked(4, new ReconnectNeeded(1))).toEqual([0, 1, 2, 3]);
  // What comes after is a trouble of its own.
  expect(asked(4, new GitHubNotFound("gone"))).toEqual([0, 1, 3]);
  expect(troubles.failed(shop, new ReconnectNeeded(1))).toBe("reconnect");
  expect(troubles.failed(shop, new GitHubUnauthorized("revoked"))).toBe("reconnect");
});

test("it is logged when it begins, and when it ends", () => {
  asked(60, new GitHubNotFound("gone"));
  troubles.worked(shop);
  troubles.worked(shop);
  expect(lines).toEqual(["warn: the repository can't be polled", "info: the repository is polled again"]);
  expect(troubles.rests(shop)).toBe(false);
});
