export { FernetError } from "./fernet-error.ts";
export { generateFernetKey, parseSecretKeys } from "./fernet-key.ts";
export { createFernet, type Fernet } from "./fernet.ts";
export { deriveKey } from "./derive-key.ts";
export { isWebhookSignature, signWebhook, verifyWebhookSignature } from "./webhook-signature.ts";
export { SessionTokenError, createSessionTokens, type SessionTokens } from "./session-tokens.ts";
export { randomToken } from "./random-token.ts";
export { sha256 } from "./sha256.ts";
export { openFor, openForIfPossible, sealFor, webhookSecretOwner } from "./sealed.ts";
