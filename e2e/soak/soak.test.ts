import { setTimeout as delay } from "node:timers/promises";
import { startScriptedModel } from "@nectr/model/testing";
import { startTestRedis } from "@nectr/queue/testing";
import { expect, inject, test } from "vitest";
import { endsOfEvents, untilDrained } from "../src/aftermath.ts";
import { startProxiedSystem } from "../src/proxied-system.ts";
import type { WholeSystem } from "../src/whole-system.ts";
import { faultsFor, type Victims } from "./chaos.ts";
import { expectInvariants } from "./invariants.ts";
import { watchMemory } from "./memory.ts";
import { createRandom } from "./random.ts";
import { createProject, type Project, work } from "./team.ts";

const minutes = inject("soakMinutes");
const seed = inject("propertySeed");
const hasRedis = inject("redisUrl") !== undefined;

test(
  `${minutes} minutes in which something goes wrong every few seconds: nothing is lost, and nothing done twice`,
  { timeout: minutes * 60_000 + 900_000 },
  async () => {
    await using cleanup = new AsyncDisposableStack();
    const model: Victims["model"] = { trouble: "none" };
    const scripted = cleanup.use(
      await startScriptedModel(async () => {
        while (model.trouble === "hang") await delay(50);
        return model.trouble === "503" ? { status: 503 } : { summary: "Changes orders.", findings: [] };
      }),
    );
    const server = hasRedis ? cleanup.use(await startTestRedis()) : undefined;
    const system = cleanup.use(
      await startProxiedSystem({
        redisUrl: server?.url,
        environment: { OPENAI_BASE_URL: scripted.baseUrl, OPENAI_MODEL: "scripted" },
      }),
    );
    const { nectr } = system;
    const [second, third] = [await nectr.addWorker(), await nectr.addWorker()];
    const { token } = await nectr.simulator.createUser({ login: "hubot" });
    const projects: Project[] = [];
    for (const name of ["orders", "customers", "stock"]) projects.push(await createProject(nectr, name));

    const mortal = { ingest: nectr.ingest, "worker 1": nectr.worker, "worker 2": second };
    const immortal = { auth: nectr.auth, "worker 3": third };
    const memory = watchMemory({ ...mortal, ...immortal });
    const faults = faultsFor(
      {
        mortal,
        immortal,
        model,
        postgres: system.proxy("PostgreSQL"),
        redis: server && { server, proxy: system.proxy("Redis") },
        github: nectr.simulator,
        logins: projects.map(({ owner }) => owner),
      },
      createRandom(seed),
    );
    console.log(
      `seed ${seed} (PROPERTY_SEED), ${faults.length} faults, queue in ${hasRedis ? "Redis" : "PostgreSQL"}`,
    );

    const start = performance.now();
    const over = AbortSignal.timeout(minutes * 60_000);
    const struck = new Map<string, number>();
    const people = createRandom(seed + 1);
    await Promise.all([
      work(nectr.simulator, projects, { random: people, token, signal: over }),
      strike(),
      report(),
    ]);

    async function strike(): Promise<void> {
      const random = createRandom(seed + 2);
      while (!over.aborted) {
        const fault = random.pick(faults);
        await fault.strike();
        struck.set(fault.name, (struck.get(fault.name) ?? 0) + 1);
        await delay(random.between(500, 3_000));
      }
    }

    async function report(): Promise<void> {
      while (!over.aborted) {
        await Promise.all([memory.look(), delay(10_000)]);
        console.log(await progress());
      }
    }

    async function progress(): Promise<string> {
      const elapsed = ((performance.now() - start) / 60_000).toFixed(1);
      const times = [...struck.values()].reduce((sum, count) => sum + count, 0);
      const megabytes = Object.entries(memory.latest()).map(([name, size]) => `${name} ${size} MB`);
      return `${elapsed} min, events: ${text(await endsOfEvents(nectr.db))}, reviews: ${await countReviews(nectr)}, faults: ${times}, ${megabytes.join(", ")}`;
    }

    nectr.simulator.faults.clear();
    await untilRecovered(nectr);
    await expectInvariants(nectr, projects);
    for (const [name, { early, late }] of Object.entries(memory.growth())) {
      // Of a short run the second quarter is still the beginning.
      expect(late, `megabytes of ${name}, which were ${early}`).toBeLessThan(early * 1.5 + 60);
    }
    console.log(`All is well. ${await progress()}; ${text(Object.fromEntries(struck))}`);
  },
);

/** An hour later, as it were: the next look at what GitHub could not deliver is due. */
async function untilRecovered({ db, simulator }: WholeSystem): Promise<void> {
  const due = () => db.updateTable("repositories").set({ reconcile_at: new Date() }).execute();
  await due();
  const looks = setInterval(() => void due(), 10_000);
  try {
    await expect
      .poll(
        async () => {
          const waiting = await db
            .selectFrom("repositories")
            .select("full_name")
            .where((e) =>
              e.or([e("reconciled_at", "is", null), e("reconciled_at", "<", new Date(Date.now() - 10_000))]),
            )
            .execute();
          return waiting;
        },
        { timeout: 300_000, interval: 1_000 },
      )
      .toEqual([]);
  } finally {
    clearInterval(looks);
  }
  await simulator.deliveriesSettled();
  await untilDrained(db, 300_000);
}

async function countReviews({ db }: WholeSystem): Promise<number> {
  const posted = db.selectFrom("reviews").select((e) => e.fn.countAll<number>().as("reviews"));
  return (await posted.where("status", "=", "posted").executeTakeFirstOrThrow()).reviews;
}

function text(counts: Readonly<Partial<Record<string, number>>>): string {
  return Object.entries(counts)
    .map(([name, count]) => `${count} ${name}`)
    .join(", ");
}
