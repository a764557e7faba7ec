import { createProgress } from "./progress.ts";
import { readConfig } from "./config.ts";
import { startHouse } from "./house.ts";

/** `npm start`: the whole of Nectr on this machine, until Ctrl-C. */
const stopRequested = Promise.withResolvers<void>();
let signals = 0;
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.on(signal, () => {
    signals += 1;
    // Somebody who asks twice does not want to wait; what is left over the next start clears away.
    if (signals > 1) process.exit(130);
    stopRequested.resolve();
  });
}

const progress = createProgress((text) => void process.stdout.write(text));
try {
  await using resources = new AsyncDisposableStack();
  const config = readConfig();
  const started = startHouse(config, { resources, progress, stopping: () => signals > 0 });
  await Promise.race([started, stopRequested.promise]);
  await stopRequested.promise;
  progress.heading("Stopping");
  await started.catch(() => {});
} catch (error) {
  process.stderr.write(`\n${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
process.stdout.write(process.exitCode === 1 ? "" : "Stopped.\n");
// What a library left open must not keep a stopped launcher alive.
process.exit();
