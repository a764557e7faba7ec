import { loadavg } from "node:os";
import { parseArgs } from "node:util";
import { benchIngest } from "./ingest.ts";

// `npm run bench`: figures that are ratios or counts from one run. `-- --json` prints them for a program to read.

const { values } = parseArgs({
  options: {
    json: { type: "boolean", default: false },
    rounds: { type: "string", default: "5" },
    seconds: { type: "string", default: "3" },
  },
});
const ingest = await benchIngest({ rounds: Number(values.rounds), seconds: Number(values.seconds) });
const figures = { ingest, load_average: loadavg().map((value) => Math.round(value * 10) / 10) };
if (values.json) console.log(JSON.stringify(figures));
else {
  console.log(
    `Ingest, with the queue in ${ingest.queue === "redis" ? "Redis" : "PostgreSQL: no redis-server was found"}`,
  );
  for (const [name, value] of Object.entries(ingest)) console.log(`  ${name.padEnd(26)} ${value}`);
  console.log(`  load average               ${figures.load_average.join(" ")}`);
}
