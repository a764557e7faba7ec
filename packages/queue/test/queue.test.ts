import { createTestDatabase, type TestDatabase } from "@nectr/db/testing";
import { afterAll, beforeAll, describe, inject } from "vitest";
import { queueContract } from "./queue-contract.ts";

const redisUrl = inject("redisUrl");

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase(inject("postgresUrl"));
});
afterAll(() => database[Symbol.asyncDispose]());

describe("queue on PostgreSQL", () => queueContract(() => ({ databaseUrl: database.url })));

describe.skipIf(!redisUrl)("queue on Redis (needs redis-server)", () =>
  queueContract(() => ({ redisUrl, databaseUrl: database.url })),
);
