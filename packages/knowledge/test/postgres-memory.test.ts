import { createTestDatabase } from "@nectr/db/testing";
import { describe, inject } from "vitest";
import { createPostgresMemory } from "../src/index.ts";
import { memoryContract } from "./memory-contract.ts";

describe("memory on Postgres", () =>
  memoryContract(async () => {
    const database = await createTestDatabase(inject("postgresUrl"));
    return {
      memory: createPostgresMemory(database.db),
      [Symbol.asyncDispose]: () => database[Symbol.asyncDispose](),
    };
  }));
