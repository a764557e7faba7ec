import type { Db } from "@nectr/db";
import { sql } from "kysely";

/** A version of a repository's `.nectr.yml`, and the pull request on which its mistakes are told. */
export interface ConfigReport {
  readonly repositoryId: number;
  /** SHA-256 of the file. */
  readonly fileHash: Buffer;
  readonly number: number;
}

/** How long others wait for a pull request whose worker may have died before it told. */
const leaseSeconds = 300;

/**
 * Takes it on to tell of a version. The same pull request, which one worker holds at a time, may take it up again at
 * once.
 * @returns false where it was told already, or is being told elsewhere.
 */
export async function claimConfigReport(
  db: Db,
  { repositoryId, fileHash, number }: ConfigReport,
): Promise<boolean> {
  const { numAffectedRows } = await sql`
    insert into config_reports (repository_id, file_hash, number)
    values (${repositoryId}, ${fileHash}, ${number})
    on conflict (repository_id, file_hash) do update set number = excluded.number, claimed_at = now()
    where config_reports.reported_at is null and (config_reports.number = excluded.number
      or config_reports.claimed_at < now() - make_interval(secs => ${leaseSeconds}))`.execute(db);
  return numAffectedRows === 1n;
}

/** Notes that it was told. */
export async function finishConfigReport(db: Db, report: ConfigReport): Promise<void> {
  await sql`update config_reports set reported_at = now() where ${isOpen(report)}`.execute(db);
}

/** Leaves it to the next review. */
export async function releaseConfigReport(db: Db, report: ConfigReport): Promise<void> {
  await sql`delete from config_reports where ${isOpen(report)}`.execute(db);
}

function isOpen({ repositoryId, fileHash, number }: ConfigReport) {
  return sql`repository_id = ${repositoryId} and file_hash = ${fileHash} and number = ${number}
    and reported_at is null`;
}
