import { peakMegabytes } from "./memory.ts";
import { startProgram } from "./program.ts";

/** One review of a change of so many files, by the engine alone, in a process of its own. */
export interface EngineFigures {
  readonly files: number;
  readonly added_lines: number;
  readonly added_lines_read: number;
  readonly findings: number;
  /** Processor time of all threads, those that compile and collect garbage too. */
  readonly processor_ms: number;
  readonly us_per_line: number;
  /** Time for a line, by that of the smallest change: about 1 or less where it is linear in the lines. */
  readonly ratio_per_line: number;
  /** The most that the process had, Node and all modules included; null without /proc. */
  readonly megabytes: number | null;
}

/**
 * Reviews of a large change, of half and of a quarter of it. Whatever the engine asks for is answered at once, so that
 * what is measured is what it does itself.
 */
export async function benchEngine(files: number): Promise<EngineFigures[]> {
  const figures: EngineFigures[] = [];
  for (const count of [Math.ceil(files / 4), Math.ceil(files / 2), files]) {
    await using program = await startProgram(import.meta.resolve("./engine/program.ts"), [String(count)]);
    const { addedLines, addedLinesRead, findings, milliseconds } = program.ready;
    const perLine = (Number(milliseconds) * 1_000) / Number(addedLines);
    figures.push({
      files: count,
      added_lines: Number(addedLines),
      added_lines_read: Number(addedLinesRead),
      findings: Number(findings),
      processor_ms: Math.round(Number(milliseconds)),
      us_per_line: Math.round(perLine * 10) / 10,
      ratio_per_line: Math.round((perLine / (figures[0]?.us_per_line ?? perLine)) * 100) / 100,
      megabytes: peakMegabytes(program.pid) ?? null,
    });
  }
  return figures;
}
