/** The same function, which works out each of its answers once. It must depend on its argument alone. */
export function remembered<K, T extends object>(of: (key: K) => T): (key: K) => T {
  const known = new Map<K, T>();
  return (key) => {
    const value = known.get(key) ?? of(key);
    known.set(key, value);
    return value;
  };
}
