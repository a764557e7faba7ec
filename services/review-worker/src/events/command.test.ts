import { describe, expect, test } from "vitest";
import { parseCommand, UsageError } from "./command.ts";

const id = "0199aa00-0000-7000-8000-00000000000a";

describe("the command line", () => {
  test.each([
    [["list"], { kind: "list", json: false, statuses: [], repository: undefined, limit: 50 }],
    [
      [
        "list",
        "--status",
        "failed",
        "--status=pending",
        "--repository",
        "octocat/shop",
        "--limit",
        "7",
        "--json",
      ],
      { kind: "list", json: true, statuses: ["failed", "pending"], repository: "octocat/shop", limit: 7 },
    ],
    [["show", id.toUpperCase()], { kind: "show", json: false, eventId: id, payload: false }],
    [["show", "--payload", id], { kind: "show", json: false, eventId: id, payload: true }],
    [["replay", id, id], { kind: "replay", json: false, eventIds: [id] }],
    [["replay", "--failed"], { kind: "replay-failed", json: false, sinceSeconds: undefined }],
    [["replay", "--failed", "--since", "2h"], { kind: "replay-failed", json: false, sinceSeconds: 7_200 }],
  ])("%j is read", (args, command) => {
    expect(parseCommand(args)).toEqual(command);
  });

  test.each([
    [[], "list, show, trace, questions or replay"],
    [["lst"], '"lst"'],
    [["list", "failed"], '"failed"'],
    [["list", "--status", "broken"], "--status"],
    [["list", "--repository", "shop"], "owner/name"],
    [["list", "--limit", "0"], "1 to 1000"],
    [["list", "--limit", "1001"], "1 to 1000"],
    [["list", "--limit", "1e2"], "1 to 1000"],
    [["list", "--all"], "--all"],
    [["show"], "one event"],
    [["show", id, id], "one event"],
    [["show", "17"], '"17" is no event'],
    [["replay"], "--failed"],
    [["replay", "--failed", id], "either"],
    [["replay", "--since", "2h", id], "--failed"],
    [["replay", "--failed", "--since", "2 hours"], "90s, 30m, 2h"],
  ])("%j is refused with what is wrong", (args, message) => {
    expect(() => parseCommand(args)).toThrow(UsageError);
    expect(() => parseCommand(args)).toThrow(message);
  });
});
