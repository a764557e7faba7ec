/** The command can't do what was asked. The message says why, and what to do. */
export class Trouble extends Error {
  override readonly name = "Trouble";
}

/** The command line can't be read. */
export class UsageError extends Trouble {
  /** @param command of which the help tells more, such as `nectr review` */
  constructor(message: string, command: string, options?: ErrorOptions) {
    super(`${message}\n${command} --help tells more.`, options);
  }
}
