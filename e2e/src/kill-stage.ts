import { type ScriptedAnswer, type ScriptedRequest, startScriptedModel } from "@nectr/model/testing";
import { defective } from "./changes.ts";
import type { KillPoint, Subject } from "./kill-points.ts";
import { untilReviewed } from "./outcomes.ts";
import type { Scene } from "./stands.ts";
import { startWholeSystem, type WholeSystem } from "./whole-system.ts";

/** A pull request of one point, in one round. */
export interface Act extends Scene {
  readonly point: KillPoint;
  readonly owner: string;
  /** In turn. */
  readonly heads: string[];
}

/** The services and a scripted model, with a repository for each point: so each has an owner's limits for itself. */
export interface KillStage extends AsyncDisposable {
  readonly nectr: WholeSystem;
  /** Questions that the model was asked again after its answer had been saved. */
  readonly paidTwice: readonly string[];
  /** Brings a pull request of each point up to where its scene begins. @param held for each scene. */
  prepare(held?: Promise<void>): Promise<Act[]>;
  /** What the worker is to stand still over. */
  begin(act: Act): Promise<void>;
}

export async function startKillStage(
  points: readonly KillPoint[],
  redisUrl: string | undefined,
): Promise<KillStage> {
  await using cleanup = new AsyncDisposableStack();
  const acts: Act[] = [];
  const paidTwice: string[] = [];
  const answeredAt = new Map<string, number>();
  const model = cleanup.use(await startScriptedModel(answer));
  const nectr = cleanup.use(
    await startWholeSystem({
      redisUrl,
      // All of them stand still at once.
      environment: {
        WORKER_CONCURRENCY: String(points.length + 10),
        REVIEWS_PER_REPOSITORY: String(points.length + 10),
        REVIEWS_PER_USER: String(points.length + 10),
        OPENAI_BASE_URL: model.baseUrl,
        OPENAI_MODEL: "scripted",
      },
    }),
  );
  const { simulator, db } = nectr;
  // What a round that failed has left standing.
  cleanup.defer(() => leave(acts));
  await simulator.createUser({ login: "hubot" });
  const repositories = await Promise.all(points.map(createRepository));

  async function createRepository(point: KillPoint, index: number) {
    const owner = `owner-${index}`;
    await simulator.createUser({ login: owner });
    const repository = await simulator.createRepository({ owner, name: "shop", members: { hubot: "write" } });
    await simulator.commit({
      repository: repository.fullName,
      branch: "main",
      files: { "README.md": "# Shop\n", ...(point.subject === "a mended defect" && binding) },
      message: "Begin",
    });
    const session = await nectr.signIn(owner);
    const path = `/api/v1/repos/${repository.fullName}/install`;
    const { status } = await session.request("POST", path, {});
    if (status !== 200) throw new Error(`${path}: ${status}`);
    return { point, owner, repository };
  }

  /** Files are named for whose they are: so the model knows. */
  const nameOf = ({ repository, number }: Act) => `of_${repository.id}_${number}`;

  async function answer({ text }: ScriptedRequest): Promise<ScriptedAnswer> {
    const [, id, number] = /src\/of_(\d+)_(\d+)/.exec(text) ?? [];
    const act = acts.find((one) => String(one.repository.id) === id && String(one.number) === number);
    if (act === undefined) throw new Error("the model is asked about nothing of ours");
    const saved = await countSavedAnswers(act);
    if (saved > (answeredAt.get(text) ?? saved)) paidTwice.push(`${act.point.name}, answer ${saved}`);
    if ((await act.onAsked(saved + 1)) === "hang") return { hang: true };
    answeredAt.set(text, saved);
    const remark = act.point.subject === "a mended defect" && act.heads.length === 2;
    return { summary: "Finds orders.", findings: remark ? [remarkOn(`src/${nameOf(act)}.ts`)] : [] };
  }

  async function countSavedAnswers({ repository, number }: Act): Promise<number> {
    const rows = await db
      .selectFrom("model_usage")
      .innerJoin("reviews", "reviews.id", "model_usage.review_id")
      .select("model_usage.id")
      .where("reviews.repository_id", "=", repository.id)
      .where("reviews.number", "=", number)
      .execute();
    return rows.length;
  }

  async function push(act: Act, files: Readonly<Record<string, string>>): Promise<void> {
    const { fullName: repository } = act.repository;
    const branch = `change-${act.number}`;
    const commit = { repository, branch, from: "main", files, message: "Change", author: "hubot" };
    act.heads.push(await simulator.commit(commit));
  }

  async function open(act: Act): Promise<void> {
    await push(act, firstHead(nameOf(act), act.point.subject));
    const head = `change-${act.number}`;
    const pull = { repository: act.repository.fullName, head, title: "Change", author: "hubot" };
    const { number } = await simulator.openPullRequest(pull);
    if (number !== act.number) throw new Error(`pull request ${number}, not ${act.number}`);
  }

  async function close({ repository, number, owner }: Act): Promise<void> {
    const answered = await fetch(`${simulator.url}/repos/${repository.fullName}/pulls/${number}`, {
      method: "PATCH",
      headers: {
        authorization: `token ${simulator.createToken(owner)}`,
        "content-type": "application/json",
      },
      body: JSON.stringify({ state: "closed" }),
    });
    if (!answered.ok) throw new Error(`closing: ${answered.status}`);
  }

  const resources = cleanup.move();
  return {
    nectr,
    paidTwice,
    async prepare(held) {
      const number = acts.length / points.length + 1;
      const fresh = repositories.map(({ point, owner, repository }): Act => {
        const scene = { db, simulator, repository, number, held, onAsked: () => {}, afterwards: [] };
        return { ...scene, point, owner, heads: [] };
      });
      acts.push(...fresh);
      await Promise.all(
        fresh.map(async (act) => {
          if (!beginsLate(act.point.subject)) return;
          await open(act);
          await untilReviewed(db, act.heads[0] ?? "");
        }),
      );
      return fresh;
    },
    async begin(act) {
      const { subject } = act.point;
      if (subject === "a closing") await close(act);
      else if (subject === "a second head") await push(act, defective(`${nameOf(act)}_more`));
      else if (subject === "a mended defect") await push(act, { [`src/${nameOf(act)}.ts`]: mended });
      else await open(act);
    },
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  };
}

/** The worker can do no more: nothing holds up whoever comes after it. */
export async function leave(acts: readonly Act[]): Promise<void> {
  for (const act of acts) {
    act.onAsked = () => {};
    for (const afterwards of act.afterwards.splice(0)) await afterwards();
  }
}

const binding = { ".nectr.yml": "verdict: { mode: binding }\n" };
const mended = "export const customers = 1;\n";

/** Whether the first head is there, and reviewed, when the scene begins. */
function beginsLate(subject: Subject): boolean {
  return subject === "a second head" || subject === "a mended defect" || subject === "a closing";
}

function firstHead(name: string, subject: Subject): Readonly<Record<string, string>> {
  if (subject === "two defects") return { ...defective(name), ...defective(`${name}_more`) };
  if (subject !== "two chunks") return defective(name);
  const rows = Array.from({ length: 1_800 }, (_, row) => `export const row${row} = ${row} * 3;\n`).join("");
  return { ...defective(name), [`src/${name}_a.ts`]: rows, [`src/${name}_b.ts`]: rows };
}

function remarkOn(path: string) {
  const place = { path, startLine: 1, endLine: 1, suggestion: null } as const;
  const weight = {
    severity: "minor",
    category: "correctness",
    confidence: "high",
    side: "new",
    quote: "",
  } as const;
  return { ...place, ...weight, title: "Counts nobody", body: "There is more than one." };
}
