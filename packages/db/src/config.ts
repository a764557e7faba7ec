/** @throws Error that says what to set. */
export function readDatabaseUrl(environment = process.env): string {
  const url = environment["DATABASE_URL"];
  if (url === undefined || !/^postgres(ql)?:\/\//.test(url)) {
    throw new Error(
      "DATABASE_URL is not set. Set it to PostgreSQL's address: postgres://nectr@localhost:5432/nectr",
    );
  }
  return url;
}
