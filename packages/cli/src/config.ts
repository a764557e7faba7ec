import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { type ModelConfig, modelConfigOf } from "@nectr/model";
import { ConfigError, type Environment, modelConfig, parseConfig, unsetEmptyVariables } from "@nectr/service";
import { Trouble } from "./trouble.ts";

/** The checkout in which this program lies: `.env` is read there. */
const checkout = resolve(import.meta.dirname, "../../..");

export interface Config {
  readonly model: ModelConfig;
  /** US dollars that the model may cost for one review; undefined for no bound. */
  readonly budgetUsd: number | undefined;
  /** Whether several questions look at each part of a diff, each for one kind of defect. */
  readonly lenses: boolean;
}

/** Reads the variables that the services read, too. @throws Trouble that names every problem */
export function readConfig(environment: Environment = readEnvironment()): Config {
  const read = parsed(environment);
  return {
    budgetUsd: read.MODEL_BUDGET_PER_PULL_REQUEST,
    lenses: read.PARALLEL_REVIEW_AGENTS,
    model: modelConfigOf(read),
  };
}

function parsed(environment: Environment) {
  try {
    return parseConfig(modelConfig, environment);
  } catch (cause) {
    if (!(cause instanceof ConfigError)) throw cause;
    throw new Trouble(cause.message, { cause });
  }
}

/** The environment, and what the checkout's `.env` adds to it. */
function readEnvironment(): Environment {
  const file = join(checkout, ".env");
  if (existsSync(file)) process.loadEnvFile(file);
  unsetEmptyVariables();
  return process.env;
}

/** The folder from which the command was called: npm goes to the checkout, and remembers in INIT_CWD where it was. */
export function callersDirectory(): string {
  const here = process.cwd();
  return (here === checkout ? process.env["INIT_CWD"] : undefined) ?? here;
}

/** Whether a person asked for no colours: https://no-color.org */
export function wantsNoColour(): boolean {
  return (process.env["NO_COLOR"] ?? "") !== "" || process.env["TERM"] === "dumb";
}
