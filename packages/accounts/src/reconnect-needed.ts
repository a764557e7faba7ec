import { FernetError } from "@nectr/crypto";

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

/** A token whose key is gone helps as little as a revoked one. The row stays: the key may come back. */
export function opened(user: { readonly id: number }, decrypt: () => string): string {
  try {
    return decrypt();
  } catch (cause) {
    if (cause instanceof FernetError) throw new ReconnectNeeded(user.id, { cause });
    throw cause;
  }
}
