import { type Fernet, FernetError, openFor, sealFor } from "@nectr/crypto";
import type { SignedIn } from "./session.ts";

const content = "reconnect";
const lifetimeSeconds = 3600;

/** A text that proves, when it comes back, that this session was shown the page that asks. */
export function confirmationFor(fernet: Fernet, session: SignedIn): string {
  return sealFor(fernet, ownerOf(session), content);
}

/** Whether it is such a text, not older than an hour. */
export function isConfirmation(fernet: Fernet, session: SignedIn, confirmation: string): boolean {
  try {
    return openFor(fernet, ownerOf(session), confirmation, { ttlSeconds: lifetimeSeconds }) === content;
  } catch (error) {
    if (error instanceof FernetError) return false;
    throw error;
  }
}

function ownerOf({ sessionId }: SignedIn): string {
  return `confirmation:${sessionId}`;
}
