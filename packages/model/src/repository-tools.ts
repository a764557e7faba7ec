import { tool, type ToolSet } from "ai";
import { z } from "zod";
import type { RepositoryTools } from "./review-model.ts";

/** Characters of one file that a model is shown: about 10,000 tokens. */
const maxFileCharacters = 40_000;

/**
 * The tools of one review, all read-only. A file that cannot be read is an answer to the model, not an
 * error: it asked for a path that it guessed.
 */
export function repositoryTools(repository: RepositoryTools): ToolSet {
  return {
    readFile: tool({
      description:
        "Reads a file of the repository as it is at the head of the pull request. Use it to check what the " +
        "diff does not show: a function that is called, a type, a configuration.",
      inputSchema: z.object({ path: z.string().describe("The path from the root of the repository.") }),
      execute: async ({ path }) => {
        const text = await repository.readFile(path);
        if (text === undefined) return `There is no text file at ${path}.`;
        if (text.length <= maxFileCharacters) return text;
        return `${text.slice(0, maxFileCharacters)}\n[cut here: ${text.length - maxFileCharacters} more characters]`;
      },
    }),
  };
}
