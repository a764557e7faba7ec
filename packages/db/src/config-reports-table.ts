import type { Generated } from "kysely";

/** A version of a repository's `.nectr.yml` whose mistakes are told, or were. */
export interface ConfigReportsTable {
  repository_id: number;
  /** SHA-256 of the file. */
  file_hash: Buffer;
  /** The pull request on which. */
  number: number;
  claimed_at: Generated<Date>;
  /** Null while it is being told. */
  reported_at: Date | null;
}
