/** Where warnings go (deprecations, short waits for a limit); pino's logger is one. */
export interface GitHubLog {
  debug(message: string): void;
  info(message: string): void;
  warn(message: string): void;
  error(message: string): void;
}

/** For callers who want none. */
export const silentLog: GitHubLog = { debug() {}, info() {}, warn() {}, error() {} };
