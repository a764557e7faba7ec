import { connect, ping } from "@nectr/db";
import { expect, inject, test } from "vitest";
import { startFaultProxy } from "./src/fault-proxy.ts";

test("connections that a router has forgotten cost one query its wait, and not each the next", async () => {
  await using proxy = await startFaultProxy(inject("postgresUrl"));
  const db = connect({ connectionString: proxy.url, holdLimitMs: 300, onError: () => {} });
  try {
    await Promise.all(Array.from({ length: 8 }, () => ping(db)));
    proxy.forget();
    await expect(ping(db)).rejects.toThrow();
    for (let query = 0; query < 8; query += 1) await ping(db);
  } finally {
    await db.destroy();
  }
});
