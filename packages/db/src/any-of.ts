import { type RawBuilder, sql } from "kysely";

/** For `where(column, "=", ...)`: one parameter, whatever the number of ids, where `in` has as many and has a limit. */
export function anyOf(ids: readonly number[]): RawBuilder<number> {
  return sql<number>`any(${ids}::bigint[])`;
}
