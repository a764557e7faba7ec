import type { Generated } from "kysely";

/** Something worth knowing of a repository, learnt from a review or from what somebody answered. */
export interface MemoriesTable {
  id: Generated<string>;
  repository_id: number;
  kind:
    | "project_pattern"
    | "decision"
    | "developer_pattern"
    | "developer_strength"
    | "risk_module"
    | "contributor_profile"
    | "project_map"
    | "project_rule";
  /** GitHub's id of whom it is about; null: it is about nobody. */
  developer_id: number | null;
  /** Untrusted. */
  text: string;
  /** SHA-256 of the text's words: the same thing is remembered once. */
  fingerprint: Buffer;
  /** Where it was learnt; null where it was told otherwise. */
  number: number | null;
  path: string | null;
  line: number | null;
  url: string | null;
  /** Which one says otherwise now; null: it holds. */
  superseded_by: string | null;
  /** Null: it holds until it is superseded. */
  expires_at: Date | null;
  /** How often a review cited it, and when last. */
  uses: Generated<number>;
  used_at: Date | null;
  created_at: Generated<Date>;
  updated_at: Generated<Date>;
  /** Made of the text by the database. */
  words: Generated<string>;
}
