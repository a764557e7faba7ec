import { z } from "zod";

/** Where variables are read from: `process.env` in a service, a plain object in a test. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** One variable that cannot be used. The message says what to do, and never repeats the value. */
export interface ConfigProblem {
  readonly name: string;
  readonly message: string;
}

/** The environment cannot be used. The message names every problem at once, so that one correction is enough. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
  readonly problems: readonly ConfigProblem[];

  constructor(problems: readonly ConfigProblem[]) {
    const count = problems.length === 1 ? "1 problem" : `${problems.length} problems`;
    const lines = problems.map(({ name, message }) => `  ${name} ${message}`);
    super([`The configuration has ${count}:`, ...lines].join("\n"));
    this.problems = problems;
  }
}

/** What a variable owes to the other ones. Its own form is its schema's affair. */
interface Relation {
  readonly requiredWith?: string;
  readonly defaultsTo?: string;
}

const relations = z.registry<Relation>();

/** The variable must be set where the variable `other` is. */
export function requiredWith<T extends z.ZodType>(other: string, schema: T): T {
  return relate(schema.clone(), { requiredWith: other });
}

/** The variable, where it is unset, takes the text of the variable `other`. */
export function defaultsTo<T extends z.ZodType>(other: string, schema: T): T {
  return relate(schema.clone(), { defaultsTo: other });
}

function relate<T extends z.ZodType>(schema: T, relation: Relation): T {
  relations.add(schema, relation);
  return schema;
}

/**
 * Parses further what `schema` lets through. An Error that `parse` throws becomes the variable's problem, and its
 * message what the operator reads: it must not repeat the value.
 */
export function parsedWith<T, U>(schema: z.ZodType<T>, parse: (value: T) => U): z.ZodType<U> {
  return schema.transform((value, context) => {
    try {
      return parse(value);
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      context.addIssue({ code: "custom", message: error.message, params: { explained: true } });
      return z.NEVER;
    }
  });
}

/**
 * Takes empty variables out of this process's environment, for libraries that read some by themselves: with us
 * `ANTHROPIC_BASE_URL=` means that there is none, and they fail over it.
 */
export function unsetEmptyVariables(environment: NodeJS.ProcessEnv = process.env): void {
  for (const [name, value] of Object.entries(environment)) if (value === "") delete environment[name];
}

/**
 * Parses the variables that `shape` names; others are ignored. Spaces around a value are dropped, and an
 * empty one counts as unset, so that `REDIS_URL=` in an `.env` file means "no Redis".
 *
 * A schema's `describe` text completes the sentence "Set it to ...", and is what the operator reads.
 *
 * @throws ConfigError naming every variable that is missing or malformed
 */
export function parseConfig<S extends z.ZodRawShape>(
  shape: S,
  environment: Environment,
): z.output<z.ZodObject<S>> {
  const { text, source } = readText(shape, environment);
  const parsed = z.object(shape).safeParse(text, { reportInput: true });
  const malformed = (parsed.error?.issues ?? []).map((issue) => {
    const name = String(issue.path[0]);
    return describeIssue(source[name] ?? name, shape[name], issue);
  });
  const unrelated = Object.entries(shape).flatMap(([name, schema]) =>
    text[name] === undefined ? relationProblem(name, relationOf(schema), environment) : [],
  );
  if (parsed.success && unrelated.length === 0) return parsed.data;
  throw new ConfigError(firstOfEach([...malformed, ...unrelated]));
}

interface EnvironmentText {
  /** The set variables' text, by name. */
  readonly text: Record<string, string>;
  /** Which variable the text was taken from. */
  readonly source: Record<string, string>;
}

function readText(shape: z.ZodRawShape, environment: Environment): EnvironmentText {
  const text: Record<string, string> = {};
  const source: Record<string, string> = {};
  for (const [name, schema] of Object.entries(shape)) {
    for (const candidate of [name, relationOf(schema).defaultsTo]) {
      const value = candidate && valueOf(environment, candidate);
      if (!value) continue;
      text[name] = value;
      source[name] = candidate;
      break;
    }
  }
  return { text, source };
}

function valueOf(environment: Environment, name: string): string | undefined {
  return environment[name]?.trim() || undefined;
}

function relationProblem(name: string, relation: Relation, environment: Environment): ConfigProblem[] {
  if (relation.requiredWith && valueOf(environment, relation.requiredWith)) {
    return [{ name, message: `is not set, but ${relation.requiredWith} is: set both or neither` }];
  }
  return [];
}

function describeIssue(name: string, schema: unknown, issue: z.core.$ZodIssue): ConfigProblem {
  if (issue.code === "custom" && issue.params?.["explained"] === true) {
    return { name, message: `cannot be used: ${issue.message}` };
  }
  const state = issue.input === undefined ? "is not set" : "cannot be used";
  const advice = ofInnermost(schema, (inner) => inner.description);
  return { name, message: advice ? `${state}. Set it to ${advice}` : `${state}: ${issue.message}` };
}

function firstOfEach(problems: readonly ConfigProblem[]): ConfigProblem[] {
  return problems.filter(
    (problem, index) => problems.findIndex(({ name }) => name === problem.name) === index,
  );
}

function relationOf(schema: unknown): Relation {
  return ofInnermost(schema, (inner) => relations.get(inner)) ?? {};
}

/** What is known of a schema, or else of what it wraps: `.default()` and its like make a new schema around the old. */
function ofInnermost<T>(schema: unknown, read: (schema: z.ZodType) => T | undefined): T | undefined {
  if (!(schema instanceof z.ZodType)) return undefined;
  const found = read(schema);
  return found === undefined ? ofInnermost(wrappedBy(schema), read) : found;
}

function wrappedBy(schema: z.ZodType): unknown {
  if (schema instanceof z.ZodPipe) return schema.def.in;
  return schema instanceof z.ZodDefault || schema instanceof z.ZodOptional ? schema.def.innerType : undefined;
}
