export { anyOf } from "./any-of.ts";
export { connect, connectLocks, type Db, ping } from "./connect.ts";
export { eventRecords } from "./event-queries.ts";
export { migrateToLatest } from "./migrate.ts";
export { requestReconciliation } from "./reconciliation-queries.ts";
export { type RequestLimitsRow, updateRequestLimits } from "./request-limits-queries.ts";
export type { Database, RepositoryRow, ReviewRow, UserRow, WebhookEventRow } from "./schema.ts";
