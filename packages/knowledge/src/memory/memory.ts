/**
 * What was learnt of a repository. Every call is about one repository, by GitHub's id of it. Texts are not trusted: they
 * came from pull requests and from what people answered. All fail with the error of what keeps them.
 */
export interface Memory {
  /**
   * Remembers something, once: what says the same in the same words is confirmed, with its new source and a new end.
   * @returns undefined where it is about a person and the scope is not.
   */
  remember(scope: MemoryScope, learnt: NewMemory, now: Date): Promise<{ readonly id: string } | undefined>;
  /** What fits a text best, such as a change's title and the names in it; nothing that is superseded or has expired. */
  recall(scope: MemoryScope, question: Question, now: Date): Promise<Remembered[]>;
  /** All that holds, the latest first. */
  list(scope: MemoryScope, selection: Selection, now: Date): Promise<Remembered[]>;
  /** Notes that a review cited them. */
  markUsed(scope: MemoryScope, ids: readonly string[], now: Date): Promise<void>;
  /** Deletes one, and those that it superseded. @returns false where there is none in this scope. */
  forget(scope: MemoryScope, id: string): Promise<boolean>;
  /** Deletes all about a person. */
  forgetDeveloper(repositoryId: number, developerId: number): Promise<void>;
  removeRepository(repositoryId: number): Promise<void>;
  /** Deletes what has expired, in all repositories. @returns how many. */
  deleteExpired(now: Date): Promise<number>;
}

export interface MemoryScope {
  readonly repositoryId: number;
  /**
   * Whether memories about people exist here: only where an operator turned them on, and for readers who are members of
   * the repository. Without it none is written or told.
   */
  readonly aboutPeople: boolean;
}

export const personalKinds = ["developer_pattern", "developer_strength", "contributor_profile"] as const;
export type PersonalKind = (typeof personalKinds)[number];
export type ProjectKind = "project_pattern" | "decision" | "risk_module" | "project_map" | "project_rule";
export type MemoryKind = PersonalKind | ProjectKind;

export type NewMemory = {
  readonly text: string;
  readonly source: MemorySource;
  /** Ids of those that it contradicts; they hold no longer. */
  readonly supersedes?: readonly string[];
  /** Without it, it holds until it is superseded. */
  readonly expiresAt?: Date;
} & About;

/** Whom it is about: GitHub's id. */
type About =
  | { readonly kind: ProjectKind; readonly developerId?: never }
  | { readonly kind: PersonalKind; readonly developerId: number };

/** Where it was learnt. */
export interface MemorySource {
  /** Of the pull request. */
  readonly number?: number;
  readonly path?: string;
  readonly line?: number;
  readonly url?: string;
}

export interface Question {
  /** The first 1,000 characters count. */
  readonly text: string;
  readonly kinds?: readonly MemoryKind[];
  readonly limit: number;
}

export interface Selection {
  readonly kinds?: readonly MemoryKind[];
  readonly developerId?: number;
  readonly limit: number;
}

export interface Remembered {
  readonly id: string;
  readonly kind: MemoryKind;
  readonly developerId: number | null;
  readonly text: string;
  readonly source: MemorySource;
  readonly uses: number;
  readonly expiresAt: Date | null;
  readonly updatedAt: Date;
}

/** Whether a memory of this kind is about a person. */
export function isPersonal(kind: MemoryKind): kind is PersonalKind {
  return personalKinds.some((personal) => personal === kind);
}
