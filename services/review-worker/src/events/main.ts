import { connect } from "@nectr/db";
import { connectQueues } from "@nectr/queue";
import { parseCommand, usage, UsageError } from "./command.ts";
import { readConfig } from "./config.ts";
import { explainTrouble } from "./explain-trouble.ts";
import { runCommand } from "./run-command.ts";

/** `npm run events`: shows stored events, and gives failed ones to the queue again. */
try {
  const args = process.argv.slice(2);
  if (args.includes("--help")) {
    process.stdout.write(usage);
  } else {
    const command = parseCommand(args);
    await using resources = new AsyncDisposableStack();
    const { databaseUrl, redisUrl } = readConfig();
    // What breaks is told by whoever needed it.
    const onError = () => {};
    const db = connect({ connectionString: databaseUrl, maxConnections: 2, onError });
    resources.defer(() => db.destroy());
    const openQueues = () => connectQueues({ redisUrl, databaseUrl, onError });
    const { output, ok } = await runCommand({ db, openQueues }, command);
    process.stdout.write(output);
    if (!ok) process.exitCode = 1;
  }
} catch (error) {
  process.stderr.write(`${explainTrouble(error)}\n`);
  if (error instanceof UsageError) process.stderr.write(`\n${usage}`);
  process.exitCode = error instanceof UsageError ? 2 : 1;
}
