import { createPostgresBackend, Queue } from "bullmq";
import express from "express";
import { Redis } from "ioredis";
import pg from "pg";
import { isSignedWith } from "./signature.ts";
import { announce } from "./announce.ts";

// What one would write first: each delivery is parsed, inserted and added to the queue before it is answered.

const [secret = "", databaseUrl = "", redisUrl] = process.argv.slice(2);
const pool = new pg.Pool({ connectionString: databaseUrl });
await pool.query(`create table if not exists plain_events (
  id bigint generated always as identity primary key, guid text not null unique, event text not null, action text,
  repository_id bigint, number integer, payload text not null, received_at timestamptz not null default now())`);
const queue = redisUrl
  ? new Queue("plain", { connection: new Redis(redisUrl, { maxRetriesPerRequest: null }) })
  : new Queue(
      "plain",
      { connection: { connectionString: databaseUrl, migrate: true } },
      createPostgresBackend,
    );

interface Payload {
  readonly action: string;
  readonly repository: { readonly id: number };
  readonly pull_request: { readonly number: number };
}

const app = express().disable("x-powered-by");
app.post(
  "/api/v1/webhooks/github",
  express.raw({ type: () => true, limit: "25mb" }),
  async (request, response) => {
    if (!isSignedWith(secret, request)) return void response.status(401).json({ ok: false });
    const text = String(request.body);
    const { action, repository, pull_request }: Payload = JSON.parse(text);
    const guid = request.get("x-github-delivery");
    const { rows } = await pool.query<{ id: string }>(
      `insert into plain_events (guid, event, action, repository_id, number, payload)
       values ($1, $2, $3, $4, $5, $6) on conflict (guid) do nothing returning id`,
      [guid, request.get("x-github-event"), action, repository.id, pull_request.number, text],
    );
    const id = rows[0]?.id;
    if (id !== undefined) await queue.add("event", { id }, { jobId: `event-${id}` });
    response.json({ ok: true });
  },
);
await announce(app);
