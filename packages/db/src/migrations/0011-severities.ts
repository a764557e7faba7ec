import { type Kysely, sql } from "kysely";

/** The words for severities, old and new, worst first. */
const renamed = [
  ["high", "moderate"],
  ["medium", "minor"],
  ["low", "nit"],
] as const;

/**
 * Severities are critical, moderate, minor and nit. The old words are still taken, for a version that runs on while
 * the next one starts.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table findings drop constraint findings_severity_check`.execute(db);
  for (const [old, now] of renamed) await rename(db, old, now);
  await sql`alter table findings add constraint findings_severity_check check (
    severity in ('critical', 'moderate', 'minor', 'nit', 'high', 'medium', 'low'))`.execute(db);
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`alter table findings drop constraint findings_severity_check`.execute(db);
  for (const [old, now] of renamed) await rename(db, now, old);
  await sql`alter table findings add constraint findings_severity_check check (
    severity in ('critical', 'high', 'medium', 'low'))`.execute(db);
}

async function rename(db: Kysely<unknown>, from: string, to: string): Promise<void> {
  await sql`update findings set severity = ${to} where severity = ${from}`.execute(db);
  // In the text of a finding quotes are escaped, so only its severity has this form.
  await sql`update reviews set result = replace(result::text, ${`"severity": "${from}"`}, ${`"severity": "${to}"`})::jsonb
    where result is not null`.execute(db);
}
