#!/usr/bin/env node
import { evalUsage, parseEvalCommand } from "./eval/eval-command.ts";
import { plainLine } from "./output/plain-text.ts";
import { parseReviewCommand, reviewUsage } from "./review/review-command.ts";
import { Trouble, UsageError } from "./trouble.ts";

const usage = `nectr: reviews of changes, on your own machine.

  nectr review   reviews a local branch against its base
  nectr eval     measures how well reviews find what people found

Each tells more with --help.
`;

const known = "nectr review or nectr eval";

/** Nothing was reviewed or measured: the command line, or what is around it, does not allow it. */
const troubleStatus = 2;

/** `nectr`, and `npm run review` and `npm run eval` in the checkout. */
async function main([name, ...args]: readonly string[]): Promise<number> {
  const help = args.includes("--help") || args.includes("-h");
  switch (name) {
    case "review": {
      if (help) return print(reviewUsage);
      const command = parseReviewCommand(args);
      // Loaded when it is needed: a wrong word is told at once.
      const { runReview, withSurroundings } = await import("./run.ts");
      return await withSurroundings((deps) => runReview(deps, command));
    }
    case "eval": {
      if (help) return print(evalUsage);
      const command = parseEvalCommand(args);
      const { runEval, withSurroundings } = await import("./run.ts");
      return await withSurroundings((deps) => runEval(deps, command));
    }
    case "--help":
    case "-h":
    case "help":
      return print(usage);
    default:
      throw new UsageError(
        name === undefined ? `Say what to do: ${known}.` : `There is no "${name}", but ${known}.`,
        "nectr",
      );
  }
}

function print(text: string): 0 {
  process.stdout.write(text);
  return 0;
}

/** Says what went wrong. What nobody foresaw is shown with its stack: it is a defect, and is to be reported. */
function explain(error: unknown): string {
  if (error instanceof Trouble) return `${error.message}\n`;
  return `${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`;
}

// Whoever reads the result may stop: `nectr review | head`.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
});

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  process.stderr.write(explain(error).split("\n").map(plainLine).join("\n"));
  process.exitCode = troubleStatus;
}
