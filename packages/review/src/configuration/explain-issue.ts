import type { z } from "zod";
import { keysAt, placeOf } from "./json-schema.ts";
import { nearest } from "./nearest.ts";
import { quoted, type Remark } from "./read-yaml.ts";

/** Keys of an earlier format, or that other tools have, and what they are called here. */
const otherNames: Readonly<Record<string, string>> = {
  ignore: "paths.ignore",
  exclude: "paths.ignore",
  include: "paths.include",
  maxComments: "findings.maximum",
  path_instructions: "instructions.paths",
};

/** Keys that held one value and now hold several, by the type of what they held. */
const split: Readonly<Record<string, string>> = {
  verdict: "`verdict.mode`",
  instructions: "`instructions.text`",
};

/** What zod found wrong, in words for a person, and what would be right. */
export function explainIssue(issue: z.core.$ZodIssue): Remark[] {
  const { path } = issue;
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => ({ path: [...path, key], of: "key", message: unknownKey(path, key) }));
  }
  return [{ path, of: "value", message: `${nameOf(path)} ${complaint(issue)}${placeOfValue(issue)}` }];
}

function unknownKey(path: readonly PropertyKey[], key: string): string {
  const unknown = `Unknown key ${nameOf([...path, key])}.`;
  const known = keysAt(path);
  const elsewhere = path.length === 0 ? (otherName(key) ?? placeOf(key)) : undefined;
  if (elsewhere !== undefined) return `${unknown} It is \`${elsewhere}\` here.`;
  const meant = nearest(key, known);
  if (meant !== undefined) return `${unknown} Did you mean \`${meant}\`?`;
  return `${unknown} ${path.length === 0 ? "The file" : nameOf(path)} takes ${listed(known)}.`;
}

function otherName(key: string): string | undefined {
  return Object.hasOwn(otherNames, key) ? otherNames[key] : undefined;
}

function placeOfValue({ code, path, input }: z.core.$ZodIssue): string {
  const [key] = path;
  if (code !== "invalid_type" || path.length !== 1 || typeof input !== "string") return "";
  const place = typeof key === "string" && Object.hasOwn(split, key) ? split[key] : undefined;
  return place === undefined ? "" : ` Such a text belongs into ${place}.`;
}

const typeNames: Readonly<Record<string, string>> = {
  object: "keys with values",
  record: "keys with values",
  array: "a list",
  string: "text",
  boolean: "true or false",
  number: "a number",
  int: "a whole number",
};

function complaint(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case "invalid_type":
      if (issue.input === undefined) return "is missing.";
      return `must be ${typeNames[issue.expected] ?? issue.expected}, and is ${typeOf(issue.input)}.`;
    case "invalid_value":
      return `must be ${listed(issue.values.map(String), "or")}.${guess(issue.input, issue.values)}`;
    case "too_big":
      return `must be at most ${amount(issue.maximum, issue.origin)}.`;
    case "too_small":
      return `must be at least ${amount(issue.minimum, issue.origin)}.`;
    case "invalid_format":
    case "custom":
      return `must be ${issue.message}.`;
    default:
      return `can't be used: ${issue.message}.`;
  }
}

function typeOf(value: unknown): string {
  if (value === null) return "empty";
  if (typeof value === "number") return Number.isInteger(value) ? "a number" : "a fraction";
  return typeNames[Array.isArray(value) ? "array" : typeof value] ?? "something else";
}

function guess(value: unknown, known: readonly unknown[]): string {
  const meant = typeof value === "string" ? nearest(value, known.map(String)) : undefined;
  return meant === undefined ? "" : ` Did you mean \`${meant}\`?`;
}

function amount(limit: number | bigint, origin: string): string {
  if (origin === "string") return `${limit} ${limit === 1 ? "character" : "characters"} long`;
  return origin === "array" ? `${limit} ${limit === 1 ? "entry" : "entries"} long` : String(limit);
}

/** A path of keys as people write it: `sections[0].findings`. */
function nameOf(path: readonly PropertyKey[]): string {
  if (path.length === 0) return "The file";
  const name = path.map((step) => (typeof step === "number" ? `[${step}]` : `.${String(step)}`)).join("");
  return quoted(name.replace(/^\./, ""));
}

function listed(words: readonly string[], and = "and"): string {
  const marked = words.map((word) => `\`${word}\``);
  return marked.length < 2 ? marked.join("") : `${marked.slice(0, -1).join(", ")} ${and} ${marked.at(-1)}`;
}
