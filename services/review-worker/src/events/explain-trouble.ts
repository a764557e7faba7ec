/** An error, in words for whoever typed the command. */
export function explainTrouble(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const code = "code" in error ? String(error.code) : "";
  // What a connection ends in before it is one, and PostgreSQL's classes 08 (connection) and 57P (shutdown).
  if (/^E[A-Z]+$|^08|^57P/.test(code) || /timeout|terminated/i.test(error.message)) {
    return `The database at DATABASE_URL does not answer (${code || error.message}).`;
  }
  if (code === "42P01") return "The database at DATABASE_URL has no events yet: start Nectr once.";
  if (code === "28P01") return "The database at DATABASE_URL does not accept the password.";
  return error.message;
}
