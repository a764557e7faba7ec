import { readConfig } from "./config.ts";
import { createSimulator } from "./simulator.ts";

const config = readConfig();
const simulator = await createSimulator({ ...config, log: (line) => console.error(line) });

let stopping = false;
const stop = async (): Promise<void> => {
  if (stopping) return;
  stopping = true;
  await simulator.close();
  // The channel to the parent would keep the process alive.
  if (process.connected) process.disconnect?.();
};
for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, () => void stop());
process.on("disconnect", () => void stop());

console.log(`GitHub simulator: ${simulator.url}`);
process.send?.({ kind: "ready", port: Number(new URL(simulator.url).port) });
