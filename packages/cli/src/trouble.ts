/** The command can't do what was asked. The message says why, and what to do. */
export class Trouble extends Error {
  override readonly name = "Trouble";
}

/** The command line can't be read. */
export class UsageError extends Trouble {
  /** What can be asked for. */
  readonly usage: string;

  constructor(message: string, usage: string, options?: ErrorOptions) {
    super(message, options);
    this.usage = usage;
  }
}
