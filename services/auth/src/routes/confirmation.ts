import { type Fernet, openForIfPossible, sealFor } from "@nectr/crypto";
import type { SignedIn } from "./session.ts";

const content = "reconnect";
const lifetimeSeconds = 3600;

/** A text that proves, when it comes back, that this session was shown the page that asks. */
export function confirmationFor(fernet: Fernet, session: SignedIn): string {
  return sealFor(fernet, ownerOf(session), content);
}

/** Whether it is such a text, not older than an hour. */
export function isConfirmation(fernet: Fernet, session: SignedIn, confirmation: string): boolean {
  const options = { ttlSeconds: lifetimeSeconds };
  return openForIfPossible(fernet, ownerOf(session), confirmation, options) === content;
}

function ownerOf({ sessionId }: SignedIn): string {
  return `confirmation:${sessionId}`;
}
