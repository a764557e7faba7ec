import { z } from "zod";
import { repositoryConfigSchema } from "./repository-config.ts";

/** Whoever runs Nectr has it at an address of their own. */
const id = "urn:nectr:nectr.schema.json";

/** As much of JSON schema as is used here. */
interface JsonSchema {
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly items?: JsonSchema;
}

/**
 * The JSON schema of `.nectr.yml`, made of the one that reads it. In draft 7: the language server for YAML knows that
 * one best.
 */
export function repositoryConfigJsonSchema(): Record<string, unknown> {
  const { $schema, ...schema } = z.toJSONSchema(repositoryConfigSchema, { target: "draft-7", io: "input" });
  return {
    $schema,
    $id: id,
    title: ".nectr.yml",
    description: "How Nectr reviews this repository.",
    ...schema,
  };
}

/** The keys that are known at a path of the file. */
export function keysAt(path: readonly PropertyKey[]): string[] {
  let schema: JsonSchema | undefined = root();
  for (const step of path)
    schema = typeof step === "number" ? schema?.items : schema?.properties?.[String(step)];
  return Object.keys(schema?.properties ?? {});
}

/** Where else in the file a key is known, as `findings.threshold`. Sections repeat what the root has, and don't count. */
export function placeOf(key: string): string | undefined {
  return Object.entries(root().properties ?? {}).flatMap(([outer, { properties = {} }]) =>
    Object.hasOwn(properties, key) ? [`${outer}.${key}`] : [],
  )[0];
}

function root(): JsonSchema {
  return z.toJSONSchema(repositoryConfigSchema, { io: "input" }) as JsonSchema;
}
