import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { z } from "zod";

/** The parts of GitHub's OpenAPI 3.0 document that the check reads; schemas stay as they are. */
const schemaObject = z.record(z.string(), z.unknown());
export type SchemaObject = z.infer<typeof schemaObject>;

const parameter = z.object({
  name: z.string(),
  in: z.string(),
  required: z.boolean().default(false),
  schema: schemaObject,
});
type Parameter = z.infer<typeof parameter>;

const reference = z.object({ $ref: z.string() });
const content = z.record(z.string(), z.object({ schema: schemaObject.optional() }));
const response = z.object({ content: content.optional() });

const operation = z.object({
  operationId: z.string(),
  parameters: z.array(z.union([reference, parameter])).default([]),
  requestBody: z.object({ required: z.boolean().default(false), content }).optional(),
  responses: z.record(z.string(), z.union([reference, response])),
});
type Operation = z.infer<typeof operation>;

const openapi = z.object({
  paths: z.record(z.string(), z.record(z.string(), z.unknown())),
  components: z.object({
    schemas: z.record(z.string(), schemaObject),
    parameters: z.record(z.string(), parameter),
    responses: z.record(z.string(), response),
  }),
});
type Document = z.infer<typeof openapi>;

export interface OpenApi {
  /** The operation for a method and a path without query; undefined where GitHub has none. */
  find(method: string, path: string): FoundOperation | undefined;
  schema(name: string): SchemaObject;
}

export interface FoundOperation {
  readonly operation: Operation;
  readonly parameters: readonly Parameter[];
  /** The values of the path's parameters, decoded. */
  readonly values: Readonly<Record<string, string>>;
  readonly responseSchema: (status: number) => SchemaObject | undefined;
}

/** Reads GitHub's document (13 MB) from @octokit/openapi; about 0.2 s, so it is read when first needed. */
export async function loadOpenApi(): Promise<OpenApi> {
  const url = import.meta.resolve("@octokit/openapi/generated/api.github.com.json");
  const document = openapi.parse(JSON.parse(await readFile(fileURLToPath(url), "utf8")));
  const templates = Object.entries(document.paths)
    .map(([template, item]) => ({ template, item, pattern: patternOf(template) }))
    // Fixed parts win over parameters: `/commits/{ref}/statuses` before `/commits/{ref}`.
    .sort((a, b) => fixedLength(b.template) - fixedLength(a.template));
  return {
    find(method, path) {
      for (const { item, pattern } of templates) {
        const match = item[method.toLowerCase()] === undefined ? null : pattern.exec(path);
        if (match) return found(document, item[method.toLowerCase()], match.groups ?? {});
      }
      return undefined;
    },
    schema(name) {
      const schema = document.components.schemas[name];
      if (!schema) throw new Error(`GitHub's document has no schema ${name}`);
      return schema;
    },
  };
}

function found(
  document: Document,
  item: unknown,
  groups: Readonly<Record<string, string | undefined>>,
): FoundOperation {
  const parsed = operation.parse(item);
  const { parameters, responses } = document.components;
  return {
    operation: parsed,
    parameters: parsed.parameters.map((entry) => ("$ref" in entry ? resolve(parameters, entry.$ref) : entry)),
    values: Object.fromEntries(
      Object.entries(groups).map(([name, value = ""]) => [name, decodeURIComponent(value)]),
    ),
    responseSchema(status) {
      const entry = parsed.responses[String(status)];
      const answer = entry && ("$ref" in entry ? resolve(responses, entry.$ref) : entry);
      return answer && "content" in answer ? answer.content?.["application/json"]?.schema : undefined;
    },
  };
}

function resolve<T>(components: Record<string, T>, ref: string): T {
  const component = components[ref.slice(ref.lastIndexOf("/") + 1)];
  if (component === undefined) throw new Error(`GitHub's document has no ${ref}`);
  return component;
}

/** Parameters whose values may hold slashes. */
const deep = new Set(["path", "ref", "basehead", "branch", "tree_sha"]);

function patternOf(template: string): RegExp {
  const body = template.replace(/[.*+?^$()|[\]\\]/g, "\\$&").replace(/\{([\w-]+)\}/g, (_, name: string) => {
    return `(?<${name.replaceAll("-", "_")}>${deep.has(name) ? ".+" : "[^/]+"})`;
  });
  // The root's contents have no path.
  return new RegExp(`^${body.replace("/(?<path>.+)", "(?:/(?<path>.*))?")}$`);
}

function fixedLength(template: string): number {
  return template.replace(/\{[^}]*\}/g, "").length;
}
