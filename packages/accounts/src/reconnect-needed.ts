/**
 * There is no token that GitHub would take: the work pauses and nothing is lost. It goes on after the user has
 * signed in again.
 */
export class ReconnectNeeded extends Error {
  override readonly name = "ReconnectNeeded";
  /** Who has to sign in again; undefined where it is the operator's own token that fails, or there is none. */
  readonly userId: number | undefined;

  constructor(userId: number | undefined, options?: ErrorOptions) {
    super("GitHub no longer accepts the stored token. Sign in again to reconnect.", options);
    this.userId = userId;
  }
}
