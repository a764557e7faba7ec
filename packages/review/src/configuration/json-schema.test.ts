import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { repositoryConfigJsonSchema } from "./json-schema.ts";
import { parseRepositoryConfig } from "./parse-repository-config.ts";

const docs = new URL("../../../../docs/configuration/", import.meta.url);

/** As oxfmt writes JSON: a list of plain values on one line where it has room. */
function formatted(value: unknown): string {
  const text = JSON.stringify(value, null, 2);
  const short = text.replaceAll(/^(.*)\[\n([^[\]{}]*)\n\s*\]/gm, (whole, before: string, list: string) => {
    const line = `${before}[${list.trim().replaceAll(/\n\s*/g, " ")}]`;
    return line.length < 110 ? line : whole;
  });
  return `${short}\n`;
}

test("the published schema is the one that reads the file (`vitest run packages/review -u` writes it)", async () => {
  const published = new URL("nectr.schema.json", docs).pathname;
  await expect(formatted(repositoryConfigJsonSchema())).toMatchFileSnapshot(published);
});

test("every key is described", () => {
  expect(undescribed(repositoryConfigJsonSchema())).toEqual([]);
});

test("the examples in the documentation are used as they stand, and the complete one has every key", async () => {
  const text = await readFile(new URL("nectr-yml.md", docs), "utf8");
  const examples = [...text.matchAll(/^```yaml\n(.*?)^```$/gms)].map(([, example = ""]) => example);
  expect(examples.length).toBeGreaterThan(1);
  expect(examples.flatMap((example) => parseRepositoryConfig(example).problems)).toEqual([]);
  const complete: unknown = parse(examples[0] ?? "");
  expect(keysOf(complete)).toEqual(keysOf(schemaExample(repositoryConfigJsonSchema())));
});

interface Schema {
  readonly type?: string;
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
}

function undescribed({ properties = {}, items }: Schema, path = ""): string[] {
  const below = Object.entries(properties).flatMap(([key, schema]) => [
    ...(schema.description === undefined ? [`${path}.${key}`] : []),
    ...undescribed(schema, `${path}.${key}`),
  ]);
  return [...below, ...(items === undefined ? [] : undescribed(items, `${path}[]`))];
}

/** A value that has every key of a schema. */
function schemaExample({ properties, items }: Schema): unknown {
  if (items !== undefined) return [schemaExample(items)];
  if (properties === undefined) return "";
  return Object.fromEntries(Object.entries(properties).map(([key, schema]) => [key, schemaExample(schema)]));
}

/** Every path of keys in a value, in the order of the alphabet. */
function keysOf(value: unknown, path = ""): string[] {
  if (Array.isArray(value))
    return [...new Set(value.flatMap((each) => keysOf(each, `${path}[]`)))].toSorted();
  if (typeof value !== "object" || value === null) return [];
  return [
    ...new Set(
      Object.entries(value).flatMap(([key, inner]) => [`${path}.${key}`, ...keysOf(inner, `${path}.${key}`)]),
    ),
  ].toSorted();
}
