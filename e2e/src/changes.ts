/** A file with a function whose SQL is built from what a user typed: the review has something to say on one line. */
export function defective(name: string): Readonly<Record<string, string>> {
  const source = `
export async function find(db: { query(sql: string): Promise<unknown> }, customer: string) {
  return await db.query(\`SELECT * FROM ${name} WHERE customer = '\${customer}'\`);
}
`;
  return { [`src/${name}.ts`]: source };
}

/** A file that there is nothing to say of. */
export function sound(name: string): Readonly<Record<string, string>> {
  return { [`src/${name}.ts`]: `export const ${name} = 1;\n` };
}
