import { parseArgs } from "node:util";
import { createVitest } from "vitest/node";

declare module "vitest" {
  export interface ProvidedContext {
    /** Whether the faults are to be tried as often, and to last as long, as there is time for. */
    full: boolean;
    /** How long the soak lasts. */
    soakMinutes: number;
  }
}

// Runs the suites in which something dies or is away: `node infra/vitest/run-faults.ts faults|soak [filter...]`.

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { full: { type: "boolean", default: false }, minutes: { type: "string", default: "10" } },
});
const minutes = Number(values.minutes);
if (!(minutes > 0)) throw new Error(`--minutes ${values.minutes}: give a number above 0, such as 10`);
const [project = "faults", ...filters] = positionals;

const vitest = await createVitest("test", { run: true, watch: false, project });
for (const suites of vitest.projects) {
  suites.provide("full", values.full);
  suites.provide("soakMinutes", minutes);
}
await vitest.start(filters);
await vitest.exit();
