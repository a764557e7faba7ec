import { randomBytes } from "node:crypto";
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type State, stateSchema } from "./model.ts";

/** The state in memory, and its file. */
export interface Store {
  readonly state: State;
  /** A fresh id, unique over all kinds of records. */
  nextId(): number;
  /** Writes the state file; the old one stays whole until the new one is complete. Call it after each change. */
  save(): void;
}

/** Opens the state file in `dataDir`, which is made where it is missing. Throws where the file is damaged. */
export function openStore(dataDir: string, app: OAuthApp): Store {
  mkdirSync(dataDir, { recursive: true });
  const path = join(dataDir, "state.json");
  const state = read(path) ?? emptyState();
  state.clientId = app.clientId ?? state.clientId;
  state.clientSecret = app.clientSecret ?? state.clientSecret;
  state.expiringTokens = app.expiringTokens ?? state.expiringTokens;
  return {
    state,
    nextId: () => state.nextId++,
    save() {
      const next = `${path}.next`;
      writeFileSync(next, JSON.stringify(state), { mode: 0o600 });
      renameSync(next, path);
    },
  };
}

/** The OAuth app's credentials and settings; made up once and kept where they are not given. */
interface OAuthApp {
  readonly clientId: string | undefined;
  readonly clientSecret: string | undefined;
  readonly expiringTokens: boolean | undefined;
}

function read(path: string): State | undefined {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
  return stateSchema.parse(JSON.parse(text));
}

function emptyState(): State {
  return {
    clientId: "simulator",
    clientSecret: randomBytes(20).toString("hex"),
    expiringTokens: false,
    version: 1,
    nextId: 1001,
    users: [],
    tokens: [],
    grants: [],
    codes: [],
    repositories: [],
    issues: [],
    issueComments: [],
    reviews: [],
    reviewComments: [],
    hooks: [],
    statuses: [],
  };
}
