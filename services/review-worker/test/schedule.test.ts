import { createAnalysers } from "@nectr/analysers";
import { createFernet, generateFernetKey, randomToken } from "@nectr/crypto";
import { createTestDatabase } from "@nectr/db/testing";
import { connectQueues } from "@nectr/queue";
import { startTestRedis } from "@nectr/queue/testing";
import { createLogger, createMetrics } from "@nectr/service";
import { sql } from "kysely";
import { describe, expect, inject, test } from "vitest";
import { startJobs } from "../src/jobs/start-jobs.ts";
import { createTextCache } from "../src/repository-texts.ts";

const headSha = "a".repeat(40);
const closed = {
  action: "closed",
  repository: { id: 42, full_name: "octocat/shop" },
  pull_request: { number: 7, merged: true, head: { sha: headSha } },
};

describe.skipIf(inject("redisUrl") === undefined)("the sweep (needs redis-server)", () => {
  test("comes back by itself when Redis was away at the start, and when it lost all that it held", async () => {
    await using open = new AsyncDisposableStack();
    const { db, url: databaseUrl } = open.use(await createTestDatabase(inject("postgresUrl")));
    const redis = open.use(await startTestRedis());
    await redis.kill();
    const onError = () => {};
    const queues = open.use(await connectQueues({ redisUrl: redis.url, databaseUrl, onError }));
    const github = { githubUrl: "http://127.0.0.1:9", apiUrl: "http://127.0.0.1:9", pace: "none" } as const;
    const jobs = startJobs({
      config: {
        concurrency: 1,
        bounds: { perRepository: 8, perUser: 12 },
        settleSeconds: 0,
        lockSeconds: 5,
        sweepSeconds: 0.2,
        pollSeconds: 60,
      },
      queues,
      metrics: createMetrics("review-worker"),
      review: {
        db,
        accounts: { db, locks: db, fernet: createFernet([generateFernetKey()]), github },
        analysers: open.use(createAnalysers()),
        model: undefined,
        budgets: {},
        lenses: false,
        keepQuestions: false,
        texts: createTextCache({ maxBytes: 1_000_000 }),
        logger: createLogger({ service: "review-worker", level: "silent" }),
        holder: "worker",
        leaseSeconds: 5,
      },
    });
    open.defer(() => jobs.stop());

    /** An event that webhook-ingest stored and then could not enqueue. */
    const leaveBehind = async () => {
      const { event_id } = await db
        .insertInto("webhook_events")
        .values({
          hook_id: 1,
          delivery_guid: randomToken(),
          event: "pull_request",
          action: "closed",
          repository_id: 42,
          full_name: "octocat/shop",
          number: 7,
          head_sha: headSha,
          status: "pending",
          received_at: sql<Date>`now() - interval '1 minute'`,
          payload: Buffer.from(JSON.stringify(closed)),
        })
        .returning("event_id")
        .executeTakeFirstOrThrow();
      return async () =>
        (
          await db
            .selectFrom("webhook_events")
            .select("status")
            .where("event_id", "=", event_id)
            .executeTakeFirstOrThrow()
        ).status;
    };

    const first = await leaveBehind();
    await redis.start();
    await expect.poll(first).toBe("completed");
    await redis.flush();
    const second = await leaveBehind();
    await expect.poll(second).toBe("completed");
  });
});
