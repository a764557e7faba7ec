export type { AccountsDeps } from "./accounts-deps.ts";
export { asUser, clientSettings, clientsForRepository, type RepositoryClient } from "./clients.ts";
export { endGrant } from "./end-grant.ts";
export { ReconnectNeeded } from "./reconnect-needed.ts";
export { decryptToken, encryptToken } from "./sealed-tokens.ts";
export { createSignInLink, takeSignInLink } from "./sign-in-link-store.ts";
export { tokenStateOf } from "./usable-token.ts";
export { saveUser } from "./user-store.ts";
export { createVisibleRepositories, type VisibleRepositories } from "./visible-repositories.ts";
