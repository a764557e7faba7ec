/** A diff that cannot be read. `line` is the 1-based line of the text at which reading stopped. */
export class DiffError extends Error {
  override readonly name = "DiffError";
  readonly line: number;

  constructor(line: number, problem: string) {
    super(`line ${line}: ${problem}`);
    this.line = line;
  }
}
