import { env } from "node:process";
import type { Finding } from "@nectr/review";
import type { SourceText } from "../src/analysed-file.ts";
import { type OutlineText, serveAnalysers } from "../src/serve-analysers.ts";

/** What may become of a process that reads a file, by the file's path. */
const fates: Readonly<Record<string, (file: SourceText) => Finding[]>> = {
  "unreadable.ts": () => {
    throw new Error("no such grammar");
  },
  "endless.ts": () => {
    for (;;);
  },
  "crash.ts": () => process.abort(),
  "memory.ts": () => {
    const kept: number[][] = [];
    for (;;) kept.push(Array.from({ length: 100_000 }, Math.random));
  },
  "environment.ts": (file) => Object.keys(env).map((name) => remark(file, 1, name)),
  "many.ts": (file) => file.content.split("\n").map((_, index) => remark(file, index + 1, "one of many")),
};

async function analyse(file: SourceText): Promise<Finding[]> {
  return fates[file.path]?.(file) ?? [remark(file, 1, `read by process ${process.pid}`)];
}

/** The last line of a file is the one that matters. */
function remark({ path, content }: SourceText, line: number, title: string): Finding {
  return {
    source: "analyser",
    rule: "fragile/remark",
    severity: line === content.split("\n").length ? "critical" : "nit",
    category: "reliability",
    path,
    startLine: line,
    endLine: line,
    title,
    body: "",
  };
}

let messages = 0;

/** Each scope is named after the message in which its file came. */
async function loadOutline(): Promise<OutlineText> {
  messages += 1;
  return (file) => {
    fates[file.path]?.(file);
    return [{ name: `message ${messages}`, kind: "function", startLine: 1, endLine: 1 }];
  };
}

serveAnalysers([{ name: "fragile", reads: () => true, load: async () => ({ analyse }) }], loadOutline);
