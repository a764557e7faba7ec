import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { checkout, readDataDir, readEnvironment } from "./config.ts";
import { askForStores } from "./data-folder-lock.ts";

/** `npm run events`: review-worker's program of that name, on the database of what `npm start` runs. */
try {
  const dataDir = readDataDir();
  const environment = readEnvironment();
  const stores = await askForStores(dataDir);
  if (stores === undefined && !environment["DATABASE_URL"]) {
    throw new Error(
      `Nectr does not run on ${dataDir}. Start it with npm start. If it runs with another NECTR_DATA_DIR, set that ` +
        "here too; if it runs elsewhere, set DATABASE_URL, and REDIS_URL where it has one.",
    );
  }
  if (stores !== undefined && "refusal" in stores) throw new Error(stores.refusal);
  const found = stores && { DATABASE_URL: stores.databaseUrl, REDIS_URL: stores.redisUrl ?? "" };
  const program = join(checkout, "services/review-worker/src/events/main.ts");
  const child = spawn(process.execPath, [program, ...process.argv.slice(2)], {
    stdio: "inherit",
    env: { ...environment, ...found },
  });
  const [code]: (number | null)[] = await once(child, "exit");
  process.exitCode = code ?? 1;
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
