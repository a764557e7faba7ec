import { type AccountsDeps, createVisibleRepositories, type VisibleRepositories } from "@nectr/accounts";
import { createFernet, createSessionTokens, deriveKey, type Fernet, type SessionTokens } from "@nectr/crypto";
import type { Db } from "@nectr/db";
import { githubRequestMetrics, type Logger, type Metrics } from "@nectr/service";
import type { AuthConfig } from "./config.ts";

/** Requests a minute from one address. */
export interface Limits {
  readonly signIns: number;
  readonly callbacks: number;
  readonly installs: number;
}

/** All that the routes work with. */
export interface AuthContext {
  readonly config: AuthConfig;
  readonly db: Db;
  readonly fernet: Fernet;
  readonly sessionTokens: SessionTokens;
  readonly accounts: AccountsDeps;
  /** A pool of its own for what holds a repository's lock while GitHub is asked. */
  readonly repositoryLocks: Db;
  /** By user, the last of their changes to repositories that wait for each other. */
  readonly turns: Map<number, Promise<void>>;
  readonly visible: VisibleRepositories;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly limits: Limits;
  readonly clock: () => Date;
}

const defaultLimits: Limits = { signIns: 30, callbacks: 120, installs: 60 };

/** Puts the parts together; nothing connects yet. */
export function createContext(parts: {
  config: AuthConfig;
  db: Db;
  /** For renewing tokens. */
  locks: Db;
  repositoryLocks: Db;
  logger: Logger;
  metrics: Metrics;
  limits?: Partial<Limits>;
  /** `none` writes to GitHub as fast as it can, which a simulator bears and GitHub does not. */
  pace?: AccountsDeps["github"]["pace"];
  clock?: () => Date;
}): AuthContext {
  const {
    config,
    db,
    locks,
    repositoryLocks,
    logger,
    metrics,
    limits,
    pace,
    clock = () => new Date(),
  } = parts;
  const fernet = createFernet(config.secretKeys);
  const accounts: AccountsDeps = {
    db,
    locks,
    fernet,
    clock,
    github: {
      ...config.github,
      log: logger,
      onRequest: githubRequestMetrics(metrics),
      ...(pace !== undefined && { pace }),
    },
  };
  return {
    config,
    db,
    fernet,
    sessionTokens: createSessionTokens({
      keys: config.secretKeys.map((key) => deriveKey(key, "session-token")),
      issuer: config.backendUrl,
      audience: "nectr",
      lifetimeMinutes: config.sessionMinutes,
    }),
    accounts,
    repositoryLocks,
    turns: new Map(),
    visible: createVisibleRepositories(accounts),
    logger,
    metrics,
    limits: { ...defaultLimits, ...limits },
    clock,
  };
}
