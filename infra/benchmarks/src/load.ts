import { setTimeout as delay } from "node:timers/promises";
import { type Connection, openConnection } from "./connection.ts";
import { createDeliveries, type Sender } from "./deliveries.ts";

// The sender of the load, in a process of its own: told by messages what to send, it answers what came of it.

/** @property perSecond open loop: one is sent whenever its time has come, answered or not; else each connection sends on. */
export interface Load {
  readonly port: number;
  readonly sender: Sender;
  readonly seconds: number;
  readonly connections: number;
  readonly perSecond?: number;
}

export interface LoadResult {
  readonly answered: number;
  readonly refused: number;
  readonly seconds: number;
  /** In milliseconds, from the time that a request was due; sorted. */
  readonly latencies: readonly number[];
}

process.on("message", (load: Load) => {
  void run(load).then((result) => process.send?.(result));
});
process.once("disconnect", () => process.exit());
process.send?.({ kind: "ready" });

async function run(load: Load): Promise<LoadResult> {
  const next = createDeliveries(load.sender);
  const connections = await Promise.all(
    Array.from({ length: load.connections }, () => openConnection(load.port)),
  );
  const start = performance.now();
  const latencies: number[] = [];
  let refused = 0;

  async function send(connection: Connection, due: number): Promise<void> {
    const status = await connection.send(next());
    if (status !== 200) refused += 1;
    latencies.push(performance.now() - due);
  }

  const end = start + load.seconds * 1000;
  await (load.perSecond === undefined ? closedLoop() : openLoop(1000 / load.perSecond));
  const seconds = (performance.now() - start) / 1000;
  for (const connection of connections) connection.close();
  return {
    answered: latencies.length - refused,
    refused,
    seconds,
    latencies: latencies.toSorted((a, b) => a - b),
  };

  async function closedLoop(): Promise<void> {
    await Promise.all(
      connections.map(async (connection) => {
        while (performance.now() < end) await send(connection, performance.now());
      }),
    );
  }

  async function openLoop(everyMs: number): Promise<void> {
    const idle = [...connections];
    const underWay: Promise<void>[] = [];
    for (let due = start; due < end; due += everyMs) {
      const early = due - performance.now();
      if (early > 0) await delay(early);
      const at = due;
      underWay.push(
        (async () => {
          const connection = idle.pop() ?? (await openConnection(load.port));
          await send(connection, at);
          idle.push(connection);
          if (!connections.includes(connection)) connections.push(connection);
        })(),
      );
    }
    await Promise.all(underWay);
  }
}
