import { randomInt } from "node:crypto";
import { createServer } from "node:net";
import { setTimeout as delay } from "node:timers/promises";

/** One program's port, with the name by which a person knows it. */
export interface NamedPort {
  readonly name: string;
  readonly port: number;
}

/**
 * Makes sure that every port can be had before anything is started.
 * @param patienceMs how long to wait for the programs of an earlier run to let go of theirs.
 * @throws Error naming each port that is taken.
 */
export async function checkPorts(ports: readonly NamedPort[], patienceMs: number): Promise<void> {
  const deadline = Date.now() + patienceMs;
  for (;;) {
    const free = await Promise.all(ports.map(({ port }) => isFree(port)));
    const taken = ports.filter((_, index) => !free[index]);
    if (taken.length === 0) return;
    if (Date.now() >= deadline) {
      const names = taken.map(({ name, port }) => `${port} (for ${name})`).join(", ");
      const word = taken.length === 1 ? "Port" : "Ports";
      throw new Error(
        `${word} ${names} taken by another program. Stop it, or set NECTR_PORT to another first port.`,
      );
    }
    await delay(200);
  }
}

/**
 * A port that nobody listens on now, from below those that systems give to outgoing connections: one of those could
 * take it before it is used.
 */
export async function findFreePort(): Promise<number> {
  for (;;) {
    const port = randomInt(10_000, 30_000);
    if (await isFree(port)) return port;
  }
}

async function isFree(port: number): Promise<boolean> {
  const probe = createServer();
  try {
    await new Promise<void>((resolve, reject) =>
      probe.once("error", reject).listen(port, "127.0.0.1", resolve),
    );
  } catch {
    return false;
  }
  await new Promise((resolve) => probe.close(resolve));
  return true;
}
