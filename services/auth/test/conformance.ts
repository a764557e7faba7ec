import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { expect } from "vitest";
import { z } from "zod";

const operationSchema = z.object({
  operationId: z.string(),
  security: z.array(z.record(z.string(), z.array(z.string()))),
  responses: z.record(
    z.string(),
    z.object({ content: z.record(z.string(), z.object({ schema: z.unknown() })).optional() }),
  ),
});

const documentSchema = z.object({
  paths: z.record(z.string(), z.record(z.string(), operationSchema)),
  components: z.object({ schemas: z.record(z.string(), z.unknown()) }),
});

/** An operation of the API as its description tells of it. */
export interface DescribedOperation {
  readonly id: string;
  readonly method: "get" | "post" | "delete";
  /** With its parameters in braces. */
  readonly path: string;
  readonly session: boolean;
}

/** What a service tells of its API, to hold its answers against. */
export interface Conformance {
  readonly operations: readonly DescribedOperation[];
  /** Fails the test where the answer is none that the description allows. What it does not know passes. */
  check(method: string, path: string, answer: Response): Promise<void>;
}

/** Reads `/api/openapi.json` of a service. */
export async function readDescription(serviceUrl: string): Promise<Conformance> {
  const answer = await fetch(`${serviceUrl}/api/openapi.json`);
  const document = documentSchema.parse(await answer.json());
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      id: operation.operationId,
      method: z.enum(["get", "post", "delete"]).parse(method),
      path,
      session: operation.security.length > 0,
      responses: operation.responses,
    })),
  );
  const validatorOf = createValidators(document.components);

  return {
    operations,
    async check(method, path, answer) {
      const found = operations.find((one) => one.method === method.toLowerCase() && isAt(one.path, path));
      if (!found) return;
      const name = `${method} ${path} answered ${answer.status}`;
      const described = found.responses[answer.status];
      const body = await answer.clone().text();
      expect(described, `${name}, which is not described: ${body}`).toBeDefined();
      const type = answer.headers.get("content-type")?.split(";")[0] ?? "";
      const schema = described?.content?.[type]?.schema;
      if (described?.content) expect(schema, `${name} as ${type}`).toBeDefined();
      if (schema === undefined) return;
      const validate = validatorOf(schema);
      expect(validate(JSON.parse(body)), `${name}: ${JSON.stringify(validate.errors)}`).toBe(true);
    },
  };
}

function isAt(template: string, path: string): boolean {
  return new RegExp(`^${template.replaceAll(/\{\w+\}/g, "[^/]+")}$`).test(path);
}

function createValidators(components: object): (schema: unknown) => ValidateFunction {
  const ajv = new Ajv2020({ allErrors: true });
  addFormats.default(ajv);
  ajv.addVocabulary(["components"]);
  const known = new Map<unknown, ValidateFunction>();
  return (schema) => {
    const validate = known.get(schema) ?? ajv.compile({ allOf: [schema], components });
    known.set(schema, validate);
    return validate;
  };
}
