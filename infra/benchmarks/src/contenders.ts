import { generateFernetKey, parseSecretKeys, createFernet, sealFor } from "@nectr/crypto";
import type { Sender } from "./deliveries.ts";
import { type Program, startProgram } from "./program.ts";
import type { Stores } from "./stores.ts";

/** The servers that are held against each other. */
export interface Contender {
  readonly name: ContenderName;
  readonly program: Program;
  readonly port: number;
  /** Whether it stores and enqueues what it is sent. */
  readonly stores: boolean;
}

const contenderNames = ["floor", "plain", "ours", "probot"] as const;
export type ContenderName = (typeof contenderNames)[number];

export const sender: Sender = { secret: "It's a Secret to Everybody", hookId: 7, repositoryId: 42 };

/** Starts all of them, each in a process of its own, with a repository whose webhook the sender speaks for. */
export async function startContenders(
  { databaseUrl, redisUrl, db }: Stores,
  resources: AsyncDisposableStack,
): Promise<Contender[]> {
  const key = generateFernetKey();
  const { secret, hookId, repositoryId } = sender;
  await db
    .insertInto("repositories")
    .values({
      id: repositoryId,
      full_name: "octocat/shop",
      private: false,
      default_branch: "main",
      hook_id: hookId,
      encrypted_webhook_secret: sealFor(
        createFernet(parseSecretKeys(key)),
        `repository:${repositoryId}`,
        secret,
      ),
    })
    .execute();

  const stores = redisUrl === undefined ? [databaseUrl] : [databaseUrl, redisUrl];
  const started = {
    floor: await startProgram(import.meta.resolve("./servers/floor.ts"), [secret]),
    plain: await startProgram(import.meta.resolve("./servers/plain.ts"), [secret, ...stores]),
    ours: await startProgram(import.meta.resolve("../../../services/webhook-ingest/src/main.ts"), [], {
      APP_ENV: "production",
      LOG_LEVEL: "warn",
      PORT: "0",
      DATABASE_URL: databaseUrl,
      SECRET_KEY: key,
      ...(redisUrl !== undefined && { REDIS_URL: redisUrl }),
    }),
    probot: await startProgram(import.meta.resolve("./servers/probot.mjs"), [secret]),
  };
  return contenderNames.map((name) => {
    const program = resources.use(started[name]);
    return {
      name,
      program,
      port: Number(program.ready["port"]),
      stores: name === "plain" || name === "ours",
    };
  });
}
