import type { SchemaObject } from "./openapi.ts";

interface Conversion {
  /** Objects take no properties but those that are named. */
  readonly strict: boolean;
  /** Called with the name of each component that is referred to. */
  readonly onReference: (name: string) => void;
}

const components = "#/components/schemas/";
const combinators = ["allOf", "anyOf", "oneOf"];
/** Keywords of OpenAPI that say nothing about validity. */
const dropped = new Set([
  "example",
  "examples",
  "deprecated",
  "nullable",
  "discriminator",
  "readOnly",
  "externalDocs",
]);

/** Turns a schema of OpenAPI 3.0 into JSON Schema: `nullable`, references, and the strictness asked for. */
export function toJsonSchema(schema: SchemaObject, conversion: Conversion): SchemaObject {
  const plain = convertObject(schema, conversion);
  return schema["nullable"] === true ? { anyOf: [plain, { type: "null" }] } : plain;
}

function convertObject(schema: SchemaObject, conversion: Conversion): SchemaObject {
  const reference = schema["$ref"];
  if (typeof reference === "string" && reference.startsWith(components)) {
    const name = reference.slice(components.length);
    conversion.onReference(name);
    return { $ref: name };
  }
  const converted: SchemaObject = {};
  for (const [key, value] of Object.entries(schema)) {
    if (!dropped.has(key)) converted[key] = convertKeyword(key, value, conversion);
  }
  const closed = converted["properties"] !== undefined && converted["additionalProperties"] === undefined;
  const combined = combinators.some((key) => key in converted);
  if (conversion.strict && closed && !combined) converted["additionalProperties"] = false;
  return converted;
}

function convertKeyword(key: string, value: unknown, conversion: Conversion): unknown {
  if (key === "properties" && isSchema(value)) {
    return Object.fromEntries(
      Object.entries(value).map(([name, part]) => [
        name,
        isSchema(part) ? toJsonSchema(part, conversion) : part,
      ]),
    );
  }
  if ((key === "items" || key === "additionalProperties" || key === "not") && isSchema(value)) {
    return toJsonSchema(value, conversion);
  }
  if (combinators.includes(key) && Array.isArray(value)) {
    // The parts of a combination see only a part of the object's properties.
    const loose = { ...conversion, strict: false };
    return value.map((part) => (isSchema(part) ? toJsonSchema(part, loose) : part));
  }
  return value;
}

function isSchema(value: unknown): value is SchemaObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
