import type { RunningProgram } from "../src/running-program.ts";

/** The memory of processes in the course of time. */
export interface MemoryWatch {
  /** Asks each once; who does not answer now is left out. */
  look(): Promise<void>;
  /** The last that each said, in megabytes. */
  latest(): Readonly<Record<string, number>>;
  /** The medians of the second quarter and of the last one, in megabytes. */
  growth(): Readonly<Record<string, { readonly early: number; readonly late: number }>>;
}

export function watchMemory(programs: Readonly<Record<string, RunningProgram>>): MemoryWatch {
  const samples = Object.keys(programs).map((name) => [name, [] as number[]] as const);
  return {
    async look() {
      for (const [name, seen] of samples) {
        const megabytes = await residentMegabytes(programs[name]?.url ?? "");
        if (megabytes !== undefined) seen.push(megabytes);
      }
    },
    latest: () => Object.fromEntries(samples.map(([name, seen]) => [name, seen.at(-1) ?? 0])),
    growth() {
      return Object.fromEntries(
        samples.map(([name, seen]) => {
          const quarter = Math.floor(seen.length / 4);
          const late = median(seen.slice(-quarter));
          return [name, { early: median(seen.slice(quarter, 2 * quarter)), late }];
        }),
      );
    },
  };
}

async function residentMegabytes(url: string): Promise<number | undefined> {
  try {
    const answer = await fetch(`${url}/metrics`, { signal: AbortSignal.timeout(500) });
    const bytes = /^nectr_process_resident_memory_bytes(?:\{[^}]*\})? (\S+)$/m.exec(await answer.text())?.[1];
    return bytes === undefined ? undefined : Math.round(Number(bytes) / 1e6);
  } catch (error) {
    // Dead, frozen or busy at this moment.
    if (error instanceof TypeError || error instanceof DOMException) return undefined;
    throw error;
  }
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
