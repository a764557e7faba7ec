import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createSimulator } from "@nectr/github-simulator";
import { addedLines, type FileDiff, parseDiff, parseRepositoryConfig } from "@nectr/review";
import { expect, it } from "vitest";
import { createAnalysers } from "../src/index.ts";

/** What is planted in the demo's pull requests, by branch. */
const planted: Record<string, readonly string[]> = {
  "order-search": [
    "reports/daily.py: python/sql-injection",
    "reports/daily.py: python/swallowed-error",
    "src/orders.ts: script/sql-injection",
    "src/reminders.ts: script/async-for-each",
  ],
  "card-payments": ["src/payments.ts: script/swallowed-error", "src/stripe.ts: secrets/committed-secret"],
  discounts: [],
  "stock-forecast": ["reports/forecast.py: python/mutable-default", "src/inventory.ts: script/off-by-one"],
};

interface Demo {
  readonly pullRequests: readonly { readonly head: string; readonly base: string }[];
  readonly tokens: Readonly<Record<string, string>>;
}

it("finds every defect of the demo's pull requests, and nothing else", async () => {
  const dataDir = await mkdtemp(join(tmpdir(), "nectr-analysers-"));
  const simulator = await createSimulator({ dataDir, demo: true });
  try {
    // The simulator's own description of its demo, made by our own code.
    const demo = (await (await fetch(`${simulator.url}/_simulator/demo`)).json()) as Demo;
    const read = async (path: string, accept: string) => {
      const headers = { accept, authorization: `Bearer ${demo.tokens["octocat"]}` };
      const response = await fetch(`${simulator.url}/repos/octocat/shop/${path}`, { headers });
      if (!response.ok) throw new Error(`${path} was answered with ${response.status}`);
      return response.text();
    };
    await using analysers = createAnalysers();
    const found: Record<string, string[]> = {};
    for (const { head, base } of demo.pullRequests) {
      const diff = parseDiff(await read(`compare/${base}...${head}`, "application/vnd.github.diff"));
      const analysed = diff.map(async (file: FileDiff) => ({
        path: file.path,
        content: await read(`contents/${file.path}?ref=${head}`, "application/vnd.github.raw"),
        addedLines: addedLines(file),
      }));
      const { findings, failures } = await analysers.analyse(await Promise.all(analysed));
      expect(failures).toEqual([]);
      found[head] = findings.map(({ path, rule }) => `${path}: ${rule}`).toSorted();
    }
    expect(found).toEqual(planted);
    const settings = await read("contents/.nectr.yml", "application/vnd.github.raw");
    expect(parseRepositoryConfig(settings).problems).toEqual([]);
  } finally {
    await simulator.close();
    await rm(dataDir, { recursive: true });
  }
});
