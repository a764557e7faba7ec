import { wholeNumber } from "@nectr/service";
import { z } from "zod";

/** What to read: rows of these repositories, newest first, from behind `before` on. */
export interface PageOptions {
  readonly repositoryIds: readonly number[];
  /** Id of the last row of the page before; ids are UUIDs of version 7, which grow with time. */
  readonly before?: string | undefined;
  readonly limit: number;
}

/** A whole number in a query, where all is text; in the API's description it is an integer. */
export function queryNumber(least: number, most: number, fallback: number) {
  return wholeNumber(least, most)
    .default(fallback)
    .meta({
      override({ jsonSchema }) {
        delete jsonSchema.pattern;
        Object.assign(jsonSchema, { type: "integer", minimum: least, maximum: most, default: fallback });
      },
    });
}

/** Query of a list that is read from its newest row on. */
export const pageQuery = z.object({
  cursor: z.uuid().optional().meta({ description: "`next` of the page before" }),
  limit: queryNumber(1, 100, 30),
});

/** Reads a page and the cursor of the next one: one row more than asked for tells whether there is one. */
export async function readPage<Row>(
  list: (options: PageOptions) => Promise<readonly Row[]>,
  options: PageOptions,
  idOf: (row: Row) => string,
): Promise<{ page: readonly Row[]; next: string | null }> {
  const rows = await list({ ...options, limit: options.limit + 1 });
  const page = rows.slice(0, options.limit);
  const last = page.at(-1);
  return { page, next: rows.length > page.length && last !== undefined ? idOf(last) : null };
}
