import { z } from "zod";

/**
 * What a model may look at while it answers. It can change nothing. A tool whose function is absent is not offered. Each
 * function gives text to be shown, which may be anybody's, or undefined where there is nothing of that name.
 */
export interface RepositoryTools {
  /** A text file as it is at the head under review. */
  readFile(path: string): Promise<string | undefined>;
  /** Where a text occurs in the repository. */
  searchCode?(query: string): Promise<string | undefined>;
  /** What is in a directory at the head; "" for the root. */
  listDirectory?(path: string): Promise<string | undefined>;
  /** Who changed a file before, when and why. */
  fileHistory?(path: string): Promise<string | undefined>;
  /** An issue or a pull request of the repository. */
  getIssue?(number: number): Promise<string | undefined>;
  /** What the team decided, and what was learned of the repository. */
  searchMemory?(query: string): Promise<string | undefined>;
  /** Errors that production reported of a file or a function. */
  getRelatedErrors?(about: {
    readonly path?: string | undefined;
    readonly symbol?: string | undefined;
  }): Promise<string | undefined>;
}

/** A tool as a model sees it. */
export interface OfferedTool {
  readonly name: string;
  readonly description: string;
  readonly inputSchema: z.ZodType;
  /** Undefined: there is nothing like it. @throws whatever the function behind it throws */
  readonly find: (input: unknown) => Promise<Found | undefined>;
}

export interface Found {
  readonly text: string;
  /** Said before the text, in words of ours. */
  readonly heading?: string;
}

/** The tools that `repository` has functions for. */
export function offeredTools(repository: RepositoryTools): OfferedTool[] {
  const { searchCode, listDirectory, fileHistory, getIssue, searchMemory, getRelatedErrors } = repository;
  return [
    offer(
      {
        name: "read_file",
        description:
          "Reads a file of the repository as it is at the head of the pull request, with its line numbers. Use it to " +
          "check what the diff does not show: a function that is called, a type, a configuration.",
        inputSchema: z.object({
          path: pathOf("file"),
          startLine: z
            .number()
            .optional()
            .describe("The first line that you want; the file's first if left out."),
          endLine: z
            .number()
            .optional()
            .describe("The last line that you want; the file's last if left out."),
        }),
      },
      async ({ path, ...range }) => {
        const text = await repository.readFile(path);
        return text === undefined ? undefined : numberedLines(text, range);
      },
    ),
    offer(
      {
        name: "search_code",
        description: "Searches the code of the repository: who calls a function, where a name is defined.",
        inputSchema: z.object({
          query: z.string().describe("A name or a piece of code, as it stands there."),
        }),
      },
      searchCode && (({ query }) => plain(searchCode(query))),
    ),
    offer(
      {
        name: "list_directory",
        description: "Lists a directory of the repository as it is at the head of the pull request.",
        inputSchema: z.object({ path: pathOf("directory; empty for the root") }),
      },
      listDirectory && (({ path }) => plain(listDirectory(path))),
    ),
    offer(
      {
        name: "file_history",
        description: "Lists the last changes of a file: who made them, when and why.",
        inputSchema: z.object({ path: pathOf("file") }),
      },
      fileHistory && (({ path }) => plain(fileHistory(path))),
    ),
    offer(
      {
        name: "get_issue",
        description: "Reads an issue or a pull request of this repository: what the change is meant to do.",
        inputSchema: z.object({ number: z.number().describe("The issue's number.") }),
      },
      getIssue && (({ number }) => plain(getIssue(number))),
    ),
    offer(
      {
        name: "search_memory",
        description: "Searches what the team decided earlier and what was learned of this repository.",
        inputSchema: z.object({ query: z.string().describe("A few words of what you want to know.") }),
      },
      searchMemory && (({ query }) => plain(searchMemory(query))),
    ),
    offer(
      {
        name: "get_related_errors",
        description: "Lists errors that production reported of a file or a function.",
        inputSchema: z.object({
          path: z.string().optional().describe("The path of a file from the root of the repository."),
          symbol: z.string().optional().describe("The name of a function or a class."),
        }),
      },
      getRelatedErrors && ((about) => plain(getRelatedErrors(about))),
    ),
  ].flat();
}

function pathOf(what: string) {
  return z.string().describe(`The path, from the root of the repository, of the ${what}.`);
}

function offer<Input>(
  form: Pick<OfferedTool, "name" | "description"> & { readonly inputSchema: z.ZodType<Input> },
  find: ((input: Input) => Promise<Found | undefined>) | undefined,
): OfferedTool[] {
  if (find === undefined) return [];
  return [{ ...form, find: (input) => find(form.inputSchema.parse(input)) }];
}

async function plain(found: Promise<string | undefined>): Promise<Found | undefined> {
  const text = await found;
  return text === undefined ? undefined : { text };
}

/** The lines as the diff numbers its unchanged ones. */
function numberedLines(
  text: string,
  { startLine, endLine }: { readonly startLine?: number | undefined; readonly endLine?: number | undefined },
): Found {
  const lines = text.replace(/\r?\n$/, "").split(/\r?\n/);
  const first = Math.min(Math.max(Math.floor(startLine ?? 1), 1), lines.length);
  const last = Math.min(Math.max(Math.floor(endLine ?? lines.length), first), lines.length);
  const shown = lines.slice(first - 1, last).map((line, index) => `${first + index}  ${line}`);
  return { heading: `Lines ${first} to ${last} of ${lines.length}:`, text: shown.join("\n") };
}
