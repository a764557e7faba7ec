import { clip } from "@nectr/review";
import { tool, type ToolSet } from "ai";
import { type OfferedTool, offeredTools, type RepositoryTools } from "./repository-tools.ts";
import type { ToolCall } from "./review-model.ts";
import { showFound } from "./show-found.ts";

/** Calls of the model that may use tools, for one question. */
export const maxRounds = 8;
/** A model may call several tools in a round. These bound what one question asks of the repository, and is shown of it. */
const maxCalls = 40;
const maxCharacters = { result: 40_000, all: 200_000 };
const maxArguments = 500;

/** What one model looks at for one question. */
export interface Looking {
  readonly tools: ToolSet;
  /** Told of each call of a tool in the order in which the model made them, before any is run. */
  begin(calls: readonly { readonly id: string; readonly tool: string; readonly arguments: string }[]): void;
  /** Rounds so far. */
  rounds(): number;
}

/** What it looks with. */
export interface LookingDeps {
  readonly repository: RepositoryTools;
  readonly interrupts: (error: unknown) => boolean;
  /** Told of an error that the caller wants for itself. */
  readonly interrupt: (error: unknown) => void;
  /** Where each call is noted, failed ones too. */
  readonly trace: ToolCall[];
}

/** An error of a tool is an answer to the model, unless it is the caller's: it asked for a path that it guessed. */
export function createLooking(deps: LookingDeps): Looking {
  const { trace } = deps;
  /** Calls that no tool has answered yet, with their places in the trace. */
  const open: { readonly id: string; readonly tool: string; readonly index: number }[] = [];
  let rounds = 0;
  let calls = 0;
  let charactersLeft = maxCharacters.all;

  const note = (id: string, name: string, end: Pick<ToolCall, "outcome" | "characters" | "ms">) => {
    const at = open.findIndex((each) => each.id === id && each.tool === name);
    const [call] = at === -1 ? [] : open.splice(at, 1);
    const noted = call && trace[call.index];
    if (call !== undefined && noted !== undefined) trace[call.index] = { ...noted, ...end };
  };
  const run = async (offered: OfferedTool, id: string, input: unknown, signal: AbortSignal | undefined) => {
    const begunAt = performance.now();
    const end = (outcome: ToolCall["outcome"], characters = 0) =>
      note(id, offered.name, { outcome, characters, ms: Math.round(performance.now() - begunAt) });
    calls += 1;
    if (calls > maxCalls || charactersLeft <= 0) {
      end("refused");
      return "You have looked at as much as you may. Answer now.";
    }
    try {
      const found = await unlessAborted(offered.find(input), signal);
      if (found === undefined) {
        end("nothing");
        return "There is nothing like that.";
      }
      const { shown, characters } = showFound(
        offered.name,
        found,
        Math.min(maxCharacters.result, charactersLeft),
      );
      charactersLeft -= characters;
      end("answered", characters);
      return shown;
    } catch (error) {
      end("failed");
      if (deps.interrupts(error)) deps.interrupt(error);
      // What an error says is not for the model: it may hold addresses, and anything else.
      return signal?.aborted ? "That took too long." : "That could not be looked up.";
    }
  };

  return {
    tools: Object.fromEntries(
      offeredTools(deps.repository).map((offered) => [
        offered.name,
        tool({
          description: offered.description,
          inputSchema: offered.inputSchema,
          execute: (input, { toolCallId, abortSignal }) => run(offered, toolCallId, input, abortSignal),
        }),
      ]),
    ),
    begin(begun) {
      if (begun.length > 0) rounds += 1;
      for (const { id, tool: name, arguments: written } of begun) {
        open.push({ id, tool: name, index: trace.length });
        // It stays so where no tool is run: there is none of that name, or it takes no such arguments.
        trace.push({
          tool: clip(name, 100),
          arguments: clip(written, maxArguments),
          outcome: "refused",
          characters: 0,
          ms: 0,
        });
      }
    },
    rounds: () => rounds,
  };
}

/** What `found` comes to, unless the signal is aborted first: no tool is waited for that does not end. */
async function unlessAborted<T>(found: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return await found;
  const aborted = Promise.withResolvers<never>();
  const abort = () => aborted.reject(signal.reason);
  if (signal.aborted) abort();
  signal.addEventListener("abort", abort, { once: true });
  try {
    return await Promise.race([found, aborted.promise]);
  } finally {
    signal.removeEventListener("abort", abort);
  }
}
