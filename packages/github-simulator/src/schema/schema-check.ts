import { Ajv, type ValidateFunction } from "ajv";
import addFormats from "ajv-formats";
import { type FoundOperation, type OpenApi, type SchemaObject, loadOpenApi } from "./openapi.ts";
import { toJsonSchema } from "./to-json-schema.ts";

interface CheckedRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: unknown;
}

/** Holds requests and answers against GitHub's OpenAPI document. Every string is one thing that is wrong. */
export interface SchemaCheck {
  checkRequest(request: CheckedRequest): Promise<string[]>;
  checkResponse(request: CheckedRequest, status: number, body: unknown): Promise<string[]>;
}

let shared: SchemaCheck | undefined;

/** One for the whole process: the document is large, and never changes. */
export function sharedSchemaCheck(): SchemaCheck {
  return (shared ??= createSchemaCheck());
}

/** The document is read at the first check, and each schema compiled when it is first used. */
function createSchemaCheck(): SchemaCheck {
  let document: Promise<OpenApi> | undefined;
  let compile: ReturnType<typeof createCompiler> | undefined;
  const find = async (request: CheckedRequest) => {
    const api = await (document ??= loadOpenApi());
    compile ??= createCompiler(api);
    return { compile, found: api.find(request.method, request.path) };
  };
  return {
    async checkRequest(request) {
      const { compile: compileFor, found } = await find(request);
      if (!found) return [`GitHub has no ${request.method} ${request.path}`];
      return [...checkParameters(compileFor, found, request), ...checkBody(compileFor, found, request.body)];
    },
    async checkResponse(request, status, body) {
      const { compile: compileFor, found } = await find(request);
      const schema = found?.responseSchema(status);
      if (!found || !schema) return [];
      return problems(
        compileFor(schema, `${found.operation.operationId} ${status}`, "open"),
        body,
        String(status),
      );
    },
  };
}

type Compiler = (schema: SchemaObject, key: string, strictness: "strict" | "open") => ValidateFunction;

/**
 * Compiles schemas of the document, with those that they refer to. Strict ones know no other properties than
 * those named, so that a misspelt one shows.
 */
function createCompiler(api: OpenApi): Compiler {
  const compiled = new Map<string, ValidateFunction>();
  const instances = { strict: createAjv(), open: createAjv() };
  const added = { strict: new Set<string>(), open: new Set<string>() };
  return (schema, key, strictness) => {
    const known = compiled.get(`${strictness} ${key}`);
    if (known) return known;
    const ajv = instances[strictness];
    const pending = new Set<string>();
    const convert = (part: SchemaObject) =>
      toJsonSchema(part, { strict: strictness === "strict", onReference: (name) => pending.add(name) });
    const root = convert(schema);
    // A set grows while it is walked: this reaches everything that is referred to.
    for (const name of pending) {
      if (added[strictness].has(name)) continue;
      added[strictness].add(name);
      ajv.addSchema(convert(api.schema(name)), name);
    }
    const validate = ajv.compile(root);
    compiled.set(`${strictness} ${key}`, validate);
    return validate;
  };
}

function createAjv(): Ajv {
  const ajv = new Ajv({ strict: false, allErrors: true, coerceTypes: false, validateSchema: false });
  addFormats.default(ajv);
  ajv.addFormat("repo.nwo", true);
  ajv.addFormat("timestamp", true);
  ajv.addFormat("ssh-key", true);
  return ajv;
}

function checkParameters(compile: Compiler, found: FoundOperation, request: CheckedRequest): string[] {
  const messages: string[] = [];
  const check = (name: string, where: string, schema: SchemaObject, value: string) => {
    const key = `${found.operation.operationId} ${where} ${name}`;
    messages.push(...problems(compile(schema, key, "open"), coerced(schema, value), `${where} ${name}`));
  };
  const named = new Set<string>();
  for (const { name, in: where, schema, required } of found.parameters) {
    const value = where === "path" ? found.values[name.replaceAll("-", "_")] : request.query.get(name);
    if (where === "query") named.add(name);
    if (where !== "path" && where !== "query") continue;
    if (value !== null && value !== undefined) check(name, where, schema, value);
    else if (required) messages.push(`${where} ${name} is missing`);
  }
  for (const name of request.query.keys()) {
    if (!named.has(name)) messages.push(`query ${name} is not known to GitHub`);
  }
  return messages;
}

/** What a parameter's text stands for. */
function coerced(schema: SchemaObject, value: string): unknown {
  if (schema["type"] === "integer" || schema["type"] === "number") {
    return value.trim() === "" || Number.isNaN(Number(value)) ? value : Number(value);
  }
  if (schema["type"] === "boolean" && /^(true|false)$/.test(value)) return value === "true";
  return value;
}

function checkBody(compile: Compiler, found: FoundOperation, body: unknown): string[] {
  const { requestBody, operationId } = found.operation;
  const schema = requestBody?.content["application/json"]?.schema;
  if (body === undefined) return requestBody?.required ? ["the body is missing"] : [];
  if (!schema) return [`${operationId} takes no body`];
  return problems(compile(schema, `${operationId} body`, "strict"), body, "body");
}

function problems(validate: ValidateFunction, value: unknown, what: string): string[] {
  if (validate(value)) return [];
  return (validate.errors ?? []).map((error) => {
    const { additionalProperty, allowedValues } = error.params;
    const detail = additionalProperty ?? (Array.isArray(allowedValues) ? allowedValues.join(", ") : "");
    return `${what}${error.instancePath} ${error.message}${detail === "" ? "" : `: ${detail}`}`;
  });
}
