import { createFernet, generateFernetKey, randomToken, sealFor, signWebhook } from "@nectr/crypto";
import { connect, type Db } from "@nectr/db";
import { createTestDatabase } from "@nectr/db/testing";
import { connectQueues, type QueueConnection, reviewQueue } from "@nectr/queue";
import { createLogger, createMetrics, startHttpServer } from "@nectr/service";
import { sql } from "kysely";
import { inject } from "vitest";
import { createApp } from "../src/app.ts";
import { createEnqueuer } from "../src/enqueuer.ts";
import { type BodyLimits, githubLimits } from "../src/read-body.ts";
import { createEventStore } from "../src/store-batch.ts";
import { createSecretStore } from "../src/webhook-secret-store.ts";

/** webhook-ingest on a database and a queue of its own, spoken to over HTTP. */
export interface IngestUnderTest extends AsyncDisposable {
  readonly db: Db;
  readonly queues: QueueConnection;
  readonly globalSecret: string;
  readonly port: number;
  /** Connects a repository with a webhook and a secret of its own. */
  connect(repository: { id: number; fullName: string; hookId: number | null }): Promise<{ secret: string }>;
  /** Gives the repository a new secret; the one that it had is accepted until `oldExpires`. */
  rotate(repositoryId: number, oldExpires: Date | null): Promise<{ secret: string }>;
  /** Takes the database away, for good. */
  loseDatabase(): Promise<void>;
  send(delivery: TestDelivery): Promise<{ status: number; body: Record<string, unknown> }>;
  waitingJobs(): Promise<number>;
}

export interface TestDelivery {
  readonly body: string | Uint8Array;
  readonly event?: string;
  readonly guid?: string;
  readonly hookId?: number;
  /** Signed with it; absent: not signed. */
  readonly secret?: string;
  readonly headers?: Record<string, string>;
}

export interface IngestOptions {
  readonly globalSecret?: boolean;
  readonly bodyLimits?: Partial<BodyLimits>;
  /** Makes another address of the database's for the service. */
  readonly databaseBy?: (url: string) => string;
  readonly answerLimitMs?: number;
  /** Told of each line of the log. */
  readonly onLog?: (line: string) => void;
}

export async function startIngest(options: IngestOptions = {}): Promise<IngestUnderTest> {
  const database = await createTestDatabase(inject("postgresUrl"));
  const { db } = database;
  const onError = (error: Error) => console.error(error.message);
  const { answerLimitMs = 20_000, databaseBy = (url) => url } = options;
  const own = connect({
    connectionString: databaseBy(database.url),
    connectTimeoutMs: answerLimitMs,
    holdLimitMs: 4 * answerLimitMs,
    prepare: true,
    onError: () => {},
  });
  const queues = await connectQueues({ databaseUrl: database.url, onError });
  const fernet = createFernet([generateFernetKey()]);
  const { onLog } = options;
  const logger = createLogger({
    service: "webhook-ingest",
    level: onLog === undefined ? "silent" : "debug",
    destination: { write: (line) => onLog?.(line) },
  });
  const enqueuer = createEnqueuer({ db: own, queues, logger });
  const globalSecret = randomToken();
  const app = createApp({
    secrets: createSecretStore({ db: own, fernet }),
    globalSecret: options.globalSecret === false ? undefined : globalSecret,
    store: createEventStore(own),
    enqueuer,
    answerLimitMs,
    bodyLimits: { ...githubLimits, ...options.bodyLimits },
    logger,
    metrics: createMetrics("webhook-ingest"),
    ready: {},
  });
  const server = await startHttpServer({ app, host: "127.0.0.1", port: 0 });
  const url = `http://127.0.0.1:${server.port}/api/v1/webhooks/github`;

  return {
    db,
    queues,
    globalSecret,
    port: server.port,
    async connect({ id, fullName, hookId }) {
      const secret = randomToken();
      await db
        .insertInto("repositories")
        .values({
          id,
          full_name: fullName,
          private: false,
          default_branch: "main",
          hook_id: hookId,
          encrypted_webhook_secret: sealFor(fernet, `repository:${id}`, secret),
        })
        .execute();
      return { secret };
    },
    async rotate(id, oldExpires) {
      const secret = randomToken();
      await db
        .updateTable("repositories")
        .set((e) => ({
          encrypted_previous_secret: e.ref("encrypted_webhook_secret"),
          previous_secret_expires_at: oldExpires,
          encrypted_webhook_secret: sealFor(fernet, `repository:${id}`, secret),
        }))
        .where("id", "=", id)
        .execute();
      return { secret };
    },
    async loseDatabase() {
      const server = connect({ connectionString: inject("postgresUrl"), onError });
      await sql`drop database ${sql.id(new URL(database.url).pathname.slice(1))} with (force)`.execute(
        server,
      );
      await server.destroy();
    },
    async send({ body, event = "pull_request", guid, hookId, secret, headers }) {
      const bytes = typeof body === "string" ? Buffer.from(body) : body;
      const response = await fetch(url, {
        method: "POST",
        body: bytes,
        headers: {
          "content-type": "application/json",
          ...(event !== "" && { "x-github-event": event }),
          ...(guid !== undefined && { "x-github-delivery": guid }),
          ...(hookId !== undefined && { "x-github-hook-id": String(hookId) }),
          ...(secret !== undefined && { "x-hub-signature-256": signWebhook(secret, bytes) }),
          ...headers,
        },
      });
      return { status: response.status, body: (await response.json()) as Record<string, unknown> };
    },
    async waitingJobs() {
      await enqueuer.settled();
      return (await queues.producer(reviewQueue).counts()).waiting;
    },
    async [Symbol.asyncDispose]() {
      await server.stop();
      await enqueuer[Symbol.asyncDispose]();
      await queues.close();
      await own.destroy();
      await database[Symbol.asyncDispose]();
    },
  };
}

/** A pull_request payload as small as GitHub's can be read. */
export function pullRequestPayload(o: {
  repositoryId?: number;
  fullName?: string;
  number?: number;
  headSha?: string;
  action?: string;
  draft?: boolean;
  changes?: Record<string, unknown>;
}): string {
  return JSON.stringify({
    action: o.action ?? "opened",
    ...(o.changes !== undefined && { changes: o.changes }),
    repository: { id: o.repositoryId ?? 42, full_name: o.fullName ?? "octocat/shop" },
    pull_request: {
      number: o.number ?? 7,
      draft: o.draft ?? false,
      merged: false,
      head: { sha: o.headSha ?? "a".repeat(40) },
    },
  });
}
