import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { encryptToken } from "@nectr/accounts";
import { createAnalysers } from "@nectr/analysers";
import { createFernet, generateFernetKey, randomToken } from "@nectr/crypto";
import type { Db } from "@nectr/db";
import { createTestDatabase } from "@nectr/db/testing";
import { createSimulator, type Simulator } from "@nectr/github-simulator";
import type { Outcome } from "@nectr/queue";
import { createLogger } from "@nectr/service";
import { expect, inject } from "vitest";
import { reviewEvent } from "../src/jobs/review.ts";
import { createTurns } from "../src/jobs/turns.ts";
import { createTextCache } from "../src/repository-texts.ts";
import type { ReviewDeps } from "../src/worker-deps.ts";

const run = promisify(execFile);
const git = (...args: string[]) => run("git", args);

/**
 * The review job on a database and a GitHub of its own, with jobs run by hand: what the queue would do in some
 * order, a test does in the order that it needs.
 */
export interface WorkerUnderTest extends AsyncDisposable {
  readonly db: Db;
  readonly databaseUrl: string;
  readonly secretKey: string;
  readonly deps: ReviewDeps;
  readonly simulator: Simulator;
  readonly repository: { readonly id: number; readonly fullName: string };
  /** Pushes files to a branch, made from main where it is new. @returns the head. */
  push(branch: string, files: Readonly<Record<string, string>>): Promise<string>;
  /** Force-pushes a branch back to an earlier head, with git itself. */
  reset(branch: string, headSha: string): Promise<void>;
  open(branch: string, options?: { draft?: boolean }): Promise<number>;
  /** A pull request whose branch `change` holds one file, src/change.js, and the event that tells of it. */
  opened(text: string): Promise<{ number: number; head: string; eventId: string }>;
  /** What a person does at GitHub; the path is below the repository's. */
  atGitHub(login: string, method: string, path: string, body: object): Promise<void>;
  /** Stores an event as webhook-ingest does. @returns its id. */
  receive(number: number, headSha: string, action?: string): Promise<string>;
  /** Runs the event's job once, in a worker of the given name. */
  run(eventId: string, worker?: Partial<ReviewDeps>, signal?: AbortSignal): Promise<Outcome>;
  event(eventId: string): Promise<{ status: string; reason: string | null; error: string | null }>;
  /** Connects a further user to the repository. @returns the token. */
  connect(login: string): Promise<string>;
}

export async function startWorker(): Promise<WorkerUnderTest> {
  const database = await createTestDatabase(inject("postgresUrl"));
  const { db } = database;
  const folder = mkdtempSync(join(tmpdir(), "nectr-worker-"));
  const simulator = await createSimulator({ dataDir: folder, checkResponses: true });
  const secretKey = generateFernetKey();
  const fernet = createFernet([secretKey]);
  const analysers = createAnalysers();
  const deps: ReviewDeps = {
    db,
    accounts: {
      db,
      locks: db,
      fernet,
      github: { githubUrl: simulator.url, apiUrl: simulator.url, pace: "none" },
    },
    analysers,
    model: undefined,
    budgets: {},
    lenses: false,
    keepQuestions: false,
    texts: createTextCache({ maxBytes: 1_000_000 }),
    turns: createTurns({
      db,
      bounds: { perRepository: 100, perUser: 100 },
      settleSeconds: 0,
      leaseSeconds: 2,
      enqueue: async () => {},
      onError: (error) => expect(error).toBeUndefined(),
    }),
    logger: createLogger({ service: "review-worker", level: "silent" }),
    holder: "worker",
    leaseSeconds: 2,
    onReview: () => {},
    onModelCall: () => {},
  };
  const githubIds = new Map<string, number>();
  for (const login of ["octocat", "hubot"]) {
    githubIds.set(login, (await simulator.createUser({ login })).id);
  }
  const repository = await simulator.createRepository({
    owner: "octocat",
    name: "shop",
    members: { hubot: "write" },
  });
  await commit("main", { "README.md": "# Shop\n" });
  await db
    .insertInto("repositories")
    .values({ id: repository.id, full_name: repository.fullName, private: false, default_branch: "main" })
    .execute();

  const worker: WorkerUnderTest = {
    db,
    databaseUrl: database.url,
    secretKey,
    deps,
    simulator,
    repository,
    push: commit,
    async opened(text) {
      const head = await commit("change", { "src/change.js": text });
      const number = await worker.open("change");
      return { number, head, eventId: await worker.receive(number, head, "opened") };
    },
    async atGitHub(login, method, path, body) {
      const answer = await fetch(`${simulator.url}/repos/${repository.fullName}${path}`, {
        method,
        headers: {
          authorization: `token ${simulator.createToken(login)}`,
          "content-type": "application/json",
        },
        body: JSON.stringify(body),
      });
      if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
    },
    async reset(branch, headSha) {
      // One for all times: a head that no branch holds any more is in no new clone.
      const clone = join(folder, "clone");
      const remote = new URL(`${simulator.url}/${repository.fullName}.git`);
      Object.assign(remote, { username: "hubot", password: simulator.createToken("hubot") });
      if (!existsSync(clone)) await git("clone", "--quiet", "--bare", remote.href, clone);
      await git("-C", clone, "fetch", "--quiet", remote.href, branch);
      await git("-C", clone, "push", "--quiet", "--force", remote.href, `${headSha}:refs/heads/${branch}`);
    },
    async open(head, { draft = false } = {}) {
      const pull = { repository: repository.fullName, head, title: "A change", author: "hubot", draft };
      return (await simulator.openPullRequest(pull)).number;
    },
    async receive(number, headSha, action = "synchronize") {
      const { event_id } = await db
        .insertInto("webhook_events")
        .values({
          hook_id: 1,
          delivery_guid: randomToken(),
          event: "pull_request",
          action,
          repository_id: repository.id,
          full_name: repository.fullName,
          number,
          head_sha: headSha,
          status: "pending",
        })
        .returning("event_id")
        .executeTakeFirstOrThrow();
      return event_id;
    },
    run: (eventId, more = {}, signal = new AbortController().signal) =>
      reviewEvent({ ...deps, ...more }, { eventId }, { signal }),
    event: (eventId) =>
      db
        .selectFrom("webhook_events")
        .select(["status", "reason", "error"])
        .where("event_id", "=", eventId)
        .executeTakeFirstOrThrow(),
    connect,
    async [Symbol.asyncDispose]() {
      await analysers.close();
      await simulator.close();
      await database[Symbol.asyncDispose]();
      rmSync(folder, { recursive: true, force: true });
    },
  };
  await connect("octocat");
  return worker;

  async function commit(branch: string, files: Readonly<Record<string, string>>): Promise<string> {
    const from = branch === "main" ? {} : { from: "main" };
    const change = {
      repository: repository.fullName,
      branch,
      ...from,
      files,
      message: "Change",
      author: "hubot",
    };
    return await simulator.commit(change);
  }

  async function connect(login: string): Promise<string> {
    const token = simulator.createToken(login);
    const githubId = githubIds.get(login) ?? 0;
    const { id } = await db
      .insertInto("users")
      .values({
        github_id: githubId,
        login,
        encrypted_token: encryptToken(fernet, githubId, token),
        scopes: "repo",
      })
      .returning("id")
      .executeTakeFirstOrThrow();
    await db.insertInto("installations").values({ user_id: id, repository_id: repository.id }).execute();
    return token;
  }
}
