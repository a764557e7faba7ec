import { readDataDir } from "./config.ts";
import { askForLink } from "./data-folder-lock.ts";

/** `npm run link`: prints a fresh link to sign in with, while `npm start` runs. */
try {
  const dataDir = readDataDir();
  const answer = await askForLink(dataDir);
  if (answer === undefined) {
    throw new Error(
      `Nectr does not run on ${dataDir}. npm start starts it, and prints a link by itself. If it runs with another ` +
        "NECTR_DATA_DIR, set that here too.",
    );
  }
  if ("refusal" in answer) throw new Error(answer.refusal);
  process.stdout.write(`${answer.link}\n`);
  process.stderr.write("(good once, within 24 hours)\n");
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
