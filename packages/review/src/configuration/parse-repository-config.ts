import { parseDocument } from "yaml";
import { z } from "zod";
import { clip } from "../clip.ts";
import { repositoryConfigSchema, type RepositoryConfig } from "./repository-config.ts";

/** Largest `.nectr.yml`, in characters. */
const largestFile = 64_000;

/**
 * Reads `.nectr.yml`. It never fails: a key that can't be used is named in `problems` and keeps its default,
 * and so do all of them where the file is no YAML at all.
 *
 * @param text the file, or undefined where the repository has none
 */
export function parseRepositoryConfig(text: string | undefined): {
  config: RepositoryConfig;
  problems: string[];
} {
  if (text === undefined || text.trim() === "") return { config: defaults(), problems: [] };
  const read = readYaml(text);
  if ("problem" in read) {
    return { config: defaults(), problems: [`.nectr.yml is not used: ${read.problem}`] };
  }
  return readKeys(read.keys);
}

function defaults(): RepositoryConfig {
  return repositoryConfigSchema.parse({});
}

type Keys = Record<string, unknown>;

function readYaml(text: string): { keys: Keys } | { problem: string } {
  if (text.length > largestFile) return { problem: `it is longer than ${largestFile} characters.` };
  // Core schema: data only. No alias is followed, so that a small file can't grow into a large one.
  const document = parseDocument(text, { schema: "core", merge: false, prettyErrors: true });
  const error = document.errors[0];
  if (error) return { problem: `${firstLine(error.message)}.` };
  try {
    const value: unknown = document.toJS({ maxAliasCount: 0 }) ?? {};
    const keys = z.record(z.string(), z.unknown()).safeParse(value);
    return keys.success ? { keys: keys.data } : { problem: "it is not a list of keys and values." };
  } catch (error) {
    return { problem: `${firstLine(error instanceof Error ? error.message : String(error))}.` };
  }
}

/** Leaves out every key that is unknown or has a wrong value, and reads the rest. */
function readKeys(keys: Keys): { config: RepositoryConfig; problems: string[] } {
  const all = repositoryConfigSchema.safeParse(keys);
  if (all.success) return { config: all.data, problems: [] };
  const usable = structuredClone(keys);
  const problems = all.error.issues.flatMap((issue) => leaveOut(usable, issue));
  return { config: repositoryConfigSchema.parse(usable), problems };
}

function leaveOut(keys: Keys, issue: z.core.$ZodIssue): string[] {
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => {
      deleteAt(keys, [...issue.path, key]);
      return `.nectr.yml: unknown key ${name([...issue.path, key])}, not used.`;
    });
  }
  // A list with one wrong entry is left out whole: half a list is not what anyone asked for.
  const owner = issue.path.slice(0, 2).filter((step) => typeof step === "string");
  deleteAt(keys, owner);
  return [`.nectr.yml: ${name(issue.path)} is not used: ${issue.message}.`];
}

function deleteAt(keys: Keys, path: readonly PropertyKey[]): void {
  const [step, ...rest] = path;
  if (typeof step !== "string") return;
  const inner = keys[step];
  if (rest.length > 0 && typeof inner === "object" && inner !== null) deleteAt(inner as Keys, rest);
  else delete keys[step];
}

function name(path: readonly PropertyKey[]): string {
  return `\`${clip(path.map(String).join(".").replaceAll("`", "'"), 100)}\``;
}

function firstLine(message: string): string {
  return (message.split("\n")[0] ?? "").replace(/[:.]+$/, "");
}
