import type { PostgresPool, PostgresPoolClient } from "kysely";
import type pg from "pg";

/** A process that sends more than this many statements does not send a few over and over. */
const namedAtMost = 100;

/**
 * The pool, but that each statement with parameters is parsed once for each connection and then known by a name. It is
 * for processes that send the same few statements over and over: parsing and planning costs as much as many of them do.
 */
export function withPreparedStatements(pool: pg.Pool): PostgresPool {
  const names = new Map<string, string>();
  const wrapped = new WeakMap<pg.PoolClient, PostgresPoolClient>();

  function nameOf(text: string): string | undefined {
    const known = names.get(text);
    if (known !== undefined || names.size >= namedAtMost) return known;
    const name = `nectr_${names.size}`;
    names.set(text, name);
    return name;
  }

  function wrap(client: pg.PoolClient): PostgresPoolClient {
    const query = (text: string, values: readonly unknown[]) => {
      const name = values.length === 0 ? undefined : nameOf(text);
      return client.query({ text, values: [...values], ...(name !== undefined && { name }) });
    };
    // Of the two ways to call it, the other is for cursors, which are not set up.
    const prepared: Pick<PostgresPoolClient, "release"> & { query: unknown } = {
      query,
      release: (destroy) => client.release(destroy),
    };
    return prepared as PostgresPoolClient;
  }

  return {
    async connect() {
      const client = await pool.connect();
      const known = wrapped.get(client) ?? wrap(client);
      wrapped.set(client, known);
      return known;
    },
    end: () => pool.end(),
    options: pool.options,
  };
}
