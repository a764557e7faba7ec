import { availableParallelism, loadavg } from "node:os";
import { parseArgs } from "node:util";
import { benchIngest } from "./ingest.ts";
import { benchReviews } from "./review.ts";

// `npm run bench`: figures that are ratios or counts from one run. `-- --json` prints them for a program to read,
// `-- ingest` or `-- reviews` measures that alone.

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: "boolean", default: false },
    rounds: { type: "string", default: "5" },
    seconds: { type: "string", default: "3" },
    reviews: { type: "string", default: "300" },
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
