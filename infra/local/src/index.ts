export { inheritedEnvironment } from "./config.ts";
export { findFreePort } from "./ports.ts";
export { startPostgres, type LocalPostgres } from "./postgres.ts";
export { signIn, type Session } from "./sign-in.ts";
