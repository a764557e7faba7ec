interface Waiting<T, R> {
  readonly item: T;
  readonly resolve: (result: R | PromiseLike<R>) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Does for many at once what costs about as much for one: while one group is being worked on the next gathers. There
 * is no timer: what comes alone is worked on at once, and the more comes the larger the groups are.
 * @param most in one group.
 * @param work resolves to as many results, in the order of the items. Where it rejects, all of its group do.
 */
export function createGroups<T, R>(
  work: (items: readonly T[]) => Promise<readonly (R | PromiseLike<R>)[]>,
  most: number,
): (item: T) => Promise<R> {
  const gathering: Waiting<T, R>[] = [];
  let working = false;

  async function workOnAll(): Promise<void> {
    working = true;
    while (gathering.length > 0) {
      await workOn(gathering.splice(0, most));
    }
    working = false;
  }

  async function workOn(group: readonly Waiting<T, R>[]): Promise<void> {
    try {
      const results = await work(group.map(({ item }) => item));
      if (results.length !== group.length) throw new Error(`${results.length} results for ${group.length}`);
      for (const [index, result] of results.entries()) group[index]?.resolve(result);
    } catch (error) {
      for (const { reject } of group) reject(error);
    }
  }

  return (item) =>
    new Promise((resolve, reject) => {
      gathering.push({ item, resolve, reject });
      if (!working) void workOnAll();
    });
}
