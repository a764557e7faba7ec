import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/**
 * Writes a `gh` into a folder that stands first on a PATH.
 * @param token with which it is signed in to 127.0.0.1, and nowhere else; undefined: it is signed out.
 */
export function writeGh(folder: string, token: string | undefined): void {
  const signedIn =
    token !== undefined && `[ "$*" = "auth token --hostname 127.0.0.1" ] && echo "${token}" && exit 0`;
  writeProgram(folder, "gh", [signedIn || ":", 'echo "no oauth token found for $4" >&2', "exit 1"]);
}

/** Writes a program of shell commands, which any account may run. */
export function writeProgram(folder: string, name: string, lines: readonly string[]): void {
  chmodSync(folder, 0o755);
  writeFileSync(join(folder, name), ["#!/bin/sh", ...lines, ""].join("\n"), { mode: 0o755 });
}
