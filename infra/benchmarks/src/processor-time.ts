import { readdirSync, readFileSync } from "node:fs";

/** Ticks a second in /proc, on every Linux that Node runs on. */
const ticksPerSecond = 100;

/**
 * Processor time that processes and all below them have had, in microseconds.
 * @returns undefined where there is no /proc.
 */
export function processorTime(pids: readonly number[]): number | undefined {
  const table = readTable();
  if (table === undefined) return undefined;
  const ours = new Set(pids);
  // A child has a higher number than its parent but where numbers have started anew; so until nothing is added.
  for (let size = -1; size !== ours.size;) {
    size = ours.size;
    for (const { pid, parent } of table) if (ours.has(parent)) ours.add(pid);
  }
  const ticks = table.filter(({ pid }) => ours.has(pid)).reduce((sum, entry) => sum + entry.ticks, 0);
  return (ticks / ticksPerSecond) * 1_000_000;
}

/** @returns 0 where it is not known. */
export function parentOf(pid: number): number {
  return readTable()?.find((entry) => entry.pid === pid)?.parent ?? 0;
}

interface Entry {
  readonly pid: number;
  readonly parent: number;
  /** Its own, and of children that have ended. */
  readonly ticks: number;
}

function readTable(): Entry[] | undefined {
  try {
    return readdirSync("/proc").flatMap((name) => (/^\d+$/.test(name) ? readEntry(Number(name)) : []));
  } catch {
    return undefined;
  }
}

function readEntry(pid: number): Entry[] {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The name stands in brackets and may hold anything.
    const fields = text
      .slice(text.lastIndexOf(")") + 2)
      .split(" ")
      .map(Number);
    const ticks = fields.slice(11, 15).reduce((sum, value) => sum + value, 0);
    return [{ pid, parent: fields[1] ?? 0, ticks }];
  } catch {
    // It has ended since.
    return [];
  }
}
