import { readFileSync } from "node:fs";

/** Why a program did not come up: the end of its log. */
export function startFailure(name: string, log: string): Error {
  const tail = readFileSync(log, "utf8").trimEnd().split("\n").slice(-8).join("\n  ");
  return new Error(`${name} did not start. The end of ${log}:\n  ${tail}`);
}
