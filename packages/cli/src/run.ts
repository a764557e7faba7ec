import { createAnalysers } from "@nectr/analysers";
import { callersDirectory, readConfig, wantsNoColour } from "./config.ts";
import { plainLine } from "./output/plain-text.ts";
import type { ReviewDeps } from "./review/run-review.ts";

export { runEval } from "./eval/run-eval.ts";
export { runReview } from "./review/run-review.ts";

/** Characters in a line at least, at most, and where nobody says how many there are. */
const [narrowest, widest, usual] = [40, 120, 100];

/** Does something with this process's surroundings: its terminal, its variables, analysers of its own. */
export async function withSurroundings(work: (deps: ReviewDeps) => Promise<number>): Promise<number> {
  const { stdout, stderr } = process;
  const config = readConfig();
  await using analysers = createAnalysers();
  return await work({
    directory: callersDirectory(),
    ...config,
    analysers,
    terminal: {
      colours: stdout.isTTY && !wantsNoColour(),
      width: Math.min(Math.max(stdout.columns ?? usual, narrowest), widest),
    },
    print: (text) => void stdout.write(text),
    // Where nobody waits before a screen, steps are noise.
    tell: (line) => void (stderr.isTTY && stderr.write(`${plainLine(line)}\n`)),
    warn: (line) => void stderr.write(`${plainLine(line)}\n`),
  });
}
