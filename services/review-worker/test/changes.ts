/** A file in which the built-in analysers find one defect, in its second line. */
export const injection = `export async function find(db, customer) {
  return await db.query(\`SELECT * FROM orders WHERE customer = '\${customer}'\`);
}
`;

/** One in which they find nothing. */
export const clean = `export function double(value) {
  return value * 2;
}
`;
