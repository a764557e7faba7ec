import type { Database, Db } from "@nectr/db";
import { type ExpressionBuilder, sql } from "kysely";
import { fingerprintOf } from "./fingerprint.ts";
import { namesOf } from "./names-of.ts";
import {
  isPersonal,
  type Memory,
  type MemoryKind,
  type MemoryScope,
  type NewMemory,
  personalKinds,
  type Question,
  type Remembered,
} from "./memory.ts";

/** How much of a question is read. */
const questionLength = 1_000;
/** From here on two words look alike, such as two forms of a name. */
const leastLikeness = 0.6;

/** Memory in our own database: found by words, in English, and by likeness, for names and for other languages. */
export function createPostgresMemory(db: Db): Memory {
  return {
    remember: (scope, learnt, now) => remember(db, scope, learnt, now),
    recall: (scope, question, now) => recall(db, scope, question, now),
    async list(scope, { kinds, developerId, limit }, now) {
      const rows = await current(db, scope, kinds, now)
        .$if(developerId !== undefined, (q) => q.where("developer_id", "=", developerId ?? null))
        .orderBy("updated_at", "desc")
        .orderBy("id", "desc")
        .limit(limit)
        .execute();
      return rows.map(toRemembered);
    },
    async markUsed(scope, ids, now) {
      await db
        .updateTable("memories")
        .set((e) => ({ uses: e("uses", "+", 1), used_at: now }))
        .where("id", "=", sql<string>`any(${ids}::uuid[])`)
        .where((e) => isIn(e, scope))
        .execute();
    },
    async forget(scope, id) {
      const { numDeletedRows } = await db
        .deleteFrom("memories")
        .where("id", "=", id)
        .where((e) => isIn(e, scope))
        .executeTakeFirstOrThrow();
      return numDeletedRows > 0n;
    },
    async forgetDeveloper(repositoryId, developerId) {
      await db
        .deleteFrom("memories")
        .where("repository_id", "=", repositoryId)
        .where("developer_id", "=", developerId)
        .execute();
    },
    async removeRepository(repositoryId) {
      await db.deleteFrom("memories").where("repository_id", "=", repositoryId).execute();
    },
    async deleteExpired(now) {
      const { numDeletedRows } = await db
        .deleteFrom("memories")
        .where("expires_at", "<=", now)
        .executeTakeFirstOrThrow();
      return Number(numDeletedRows);
    },
  };
}

async function remember(
  db: Db,
  scope: MemoryScope,
  learnt: NewMemory,
  now: Date,
): Promise<{ id: string } | undefined> {
  if (isPersonal(learnt.kind) && !scope.aboutPeople) return undefined;
  const { number = null, path = null, line = null, url = null } = learnt.source;
  const latest = { number, path, line, url, expires_at: learnt.expiresAt ?? null, updated_at: now };
  return await db.transaction().execute(async (tx) => {
    const { id } = await tx
      .insertInto("memories")
      .values({
        repository_id: scope.repositoryId,
        kind: learnt.kind,
        developer_id: learnt.developerId ?? null,
        text: storable(learnt.text),
        fingerprint: fingerprintOf(learnt.text),
        created_at: now,
        ...latest,
      })
      // What was superseded and is said again holds again.
      .onConflict((conflict) =>
        conflict
          .expression(sql`repository_id, kind, coalesce(developer_id, 0), fingerprint`)
          .doUpdateSet({ ...latest, superseded_by: null }),
      )
      .returning("id")
      .executeTakeFirstOrThrow();
    await tx
      .updateTable("memories")
      .set({ superseded_by: id })
      .where("id", "=", sql<string>`any(${learnt.supersedes ?? []}::uuid[])`)
      .where("id", "<>", id)
      .where((e) => isIn(e, scope))
      .execute();
    return { id };
  });
}

async function recall(
  db: Db,
  scope: MemoryScope,
  { text, kinds, limit }: Question,
  now: Date,
): Promise<Remembered[]> {
  const asked = storable(text.slice(0, questionLength));
  // Any of the words: all of them stand in no memory.
  const query = sql`replace(plainto_tsquery('english', ${asked})::text, ' & ', ' | ')::tsquery`;
  const likeness = sql<number>`coalesce((
    select max(strict_word_similarity(name, text)) from unnest(${namesOf(asked)}::text[]) name), 0)`;
  const rows = await current(db, scope, kinds, now)
    .where((e) => e.or([sql<boolean>`words @@ ${query}`, e(likeness, ">=", leastLikeness)]))
    .orderBy(sql`ts_rank(words, ${query}) + ${likeness}`, "desc")
    .orderBy("id", "desc")
    .limit(limit)
    .execute();
  return rows.map(toRemembered);
}

/** PostgreSQL keeps every character but this one. */
function storable(text: string): string {
  return text.replaceAll("\0", "");
}

/** What holds now and may be told. */
function current(db: Db, scope: MemoryScope, kinds: readonly MemoryKind[] | undefined, now: Date) {
  return db
    .selectFrom("memories")
    .select([
      "id",
      "kind",
      "developer_id",
      "text",
      "number",
      "path",
      "line",
      "url",
      "uses",
      "expires_at",
      "updated_at",
    ])
    .where((e) => isIn(e, scope))
    .where("superseded_by", "is", null)
    .where((e) => e.or([e("expires_at", "is", null), e("expires_at", ">", now)]))
    .$if(kinds !== undefined, (q) => q.where("kind", "in", kinds ?? []));
}

function isIn(e: ExpressionBuilder<Database, "memories">, { repositoryId, aboutPeople }: MemoryScope) {
  const here = e("repository_id", "=", repositoryId);
  return aboutPeople ? here : e.and([here, e("kind", "not in", personalKinds)]);
}

type Row = Awaited<ReturnType<ReturnType<typeof current>["execute"]>>[0];

function toRemembered(row: Row): Remembered {
  const { id, kind, developer_id: developerId, text, number, path, line, url, uses } = row;
  return {
    id,
    kind,
    developerId,
    text,
    source: {
      ...(number !== null && { number }),
      ...(path !== null && { path }),
      ...(line !== null && { line }),
      ...(url !== null && { url }),
    },
    uses,
    expiresAt: row.expires_at,
    updatedAt: row.updated_at,
  };
}
