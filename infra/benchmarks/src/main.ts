import { availableParallelism, loadavg } from "node:os";
import { parseArgs } from "node:util";
import { benchEngine } from "./engine.ts";
import { benchIngest } from "./ingest.ts";
import { benchReviews } from "./review.ts";

// `npm run bench`: figures that are ratios or counts from one run. `-- --json` prints them for a program to read,
// `-- ingest`, `-- reviews` or `-- engine` measures that alone.

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: "boolean", default: false },
    rounds: { type: "string", default: "5" },
    seconds: { type: "string", default: "3" },
    reviews: { type: "string", default: "300" },
    files: { type: "string", default: "3000" },
  },
});
const wants = (name: string) => positionals.length === 0 || positionals.includes(name);
const reviews = Number(values.reviews);

const figures = {
  ...(wants("ingest") && {
    ingest: await benchIngest({ rounds: Number(values.rounds), seconds: Number(values.seconds) }),
  }),
  ...(wants("reviews") && {
    reviews: await benchReviews([
      { concurrency: 1, reviews: Math.ceil(reviews / 10) },
      { concurrency: 10, reviews },
      { concurrency: 50, reviews },
    ]),
  }),
  ...(wants("engine") && { engine: await benchEngine(Number(values.files)) }),
  // Of other programs' making where it is above the number of processors.
  machine: {
    processors: availableParallelism(),
    load_average: loadavg()
      .map((value) => value.toFixed(1))
      .join(" "),
  },
};
if (values.json) console.log(JSON.stringify(figures));
else {
  for (const [subject, rows] of Object.entries(figures)) {
    console.log(subject);
    for (const row of Array.isArray(rows) ? rows : [rows]) {
      for (const [name, value] of Object.entries(row)) console.log(`  ${name.padEnd(26)} ${value}`);
    }
  }
}
