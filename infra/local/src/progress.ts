import pc from "picocolors";

/** What a person sees in the terminal. */
export interface Progress {
  /** Runs a step, and says how it went and how long it took. The step's text, if any, follows its name. */
  step<T>(name: string, work: () => Promise<T>, describe?: (result: T) => string): Promise<T>;
  note(text: string): void;
  heading(text: string): void;
}

const width = 16;

export function createProgress(write: (text: string) => void): Progress {
  return {
    async step(name, work, describe = () => "ready") {
      const label = `  ${name.padEnd(width)} `;
      write(label);
      const start = performance.now();
      try {
        const result = await work();
        const seconds = ((performance.now() - start) / 1_000).toFixed(1);
        write(`${describe(result)} ${pc.dim(`(${seconds} s)`)}\n`);
        return result;
      } catch (error) {
        write(`${pc.red("failed")}\n`);
        throw error;
      }
    },
    note: (text) => write(`  ${text}\n`),
    heading: (text) => write(`\n${pc.bold(text)}\n`),
  };
}
