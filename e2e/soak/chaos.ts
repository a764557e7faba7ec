import { setTimeout as delay } from "node:timers/promises";
import type { Simulator } from "@nectr/github-simulator";
import type { TestRedis } from "@nectr/queue/testing";
import type { FaultProxy } from "../src/fault-proxy.ts";
import type { RunningProgram } from "../src/running-program.ts";
import type { Random } from "./random.ts";

/** What a fault can befall. */
export interface Victims {
  /** By name. Of auth and the last worker the memory is watched: they are never ended, only frozen. */
  readonly mortal: Readonly<Record<string, RunningProgram>>;
  readonly immortal: Readonly<Record<string, RunningProgram>>;
  readonly postgres: FaultProxy;
  /** Undefined: the queue is in PostgreSQL. */
  readonly redis: { readonly server: TestRedis; readonly proxy: FaultProxy } | undefined;
  readonly github: Pick<Simulator, "faults">;
  /** In whose name GitHub is asked by the services. */
  readonly logins: readonly string[];
  readonly model: { trouble: "none" | "hang" | "503" };
}

/** Something that goes wrong, and is well again when it resolves. */
interface Fault {
  readonly name: string;
  readonly strike: () => Promise<void>;
}

/** All that can go wrong. Durations are drawn anew each time. */
export function faultsFor(victims: Victims, random: Random): readonly Fault[] {
  const aWhile = (most = 4_000) => delay(random.between(200, most));
  const { mortal, immortal, postgres, redis, model } = victims;
  return [
    ...Object.entries(mortal).flatMap(([name, program]): Fault[] => [
      { name: `SIGKILL of ${name}`, strike: () => restart(program, () => program.kill()) },
      { name: `SIGTERM of ${name}`, strike: () => restart(program, () => program.stop()) },
    ]),
    ...Object.entries({ ...mortal, ...immortal }).map(([name, program]) => ({
      name: `SIGSTOP of ${name}`,
      async strike() {
        program.signal("SIGSTOP");
        await aWhile(6_000);
        program.signal("SIGCONT");
      },
    })),
    ...network("PostgreSQL", postgres),
    ...(redis === undefined ? [] : [killOf(redis.server), ...network("Redis", redis.proxy)]),
    ...githubFaults(),
    ...(["hang", "503"] as const).map((trouble) => ({
      name: `model: ${trouble}`,
      async strike() {
        model.trouble = trouble;
        await aWhile();
        model.trouble = "none";
      },
    })),
  ];

  async function restart(program: RunningProgram, end: () => Promise<unknown>): Promise<void> {
    await end();
    await aWhile(2_000);
    await program.start();
  }

  function killOf(server: TestRedis): Fault {
    return {
      name: "SIGKILL of Redis",
      async strike() {
        await server.kill();
        await aWhile();
        await server.start();
      },
    };
  }

  function network(place: string, proxy: FaultProxy): Fault[] {
    const conducts = [{ latencyMs: random.between(5, 50) }, "black hole", "refuse"] as const;
    return [
      ...conducts.map((conduct) => ({
        name: `${place}: ${typeof conduct === "string" ? conduct : "latency"}`,
        async strike() {
          await proxy.become(conduct);
          await aWhile();
          await proxy.become("pass");
        },
      })),
      { name: `${place}: reset`, strike: async () => proxy.reset() },
      { name: `${place}: connections forgotten`, strike: async () => proxy.forget() },
    ];
  }

  /** Of the people's own requests none goes wrong. */
  function githubFaults(): Fault[] {
    const effects = [
      { kind: "status", status: 502, when: "before" },
      { kind: "status", status: 502, when: "after" },
      { kind: "reset", when: "before" },
      { kind: "reset", when: "after" },
      { kind: "latency", ms: 2_000 },
      { kind: "secondary-limit", retryAfter: 2 },
    ] as const;
    return effects.map((effect) => ({
      name: `GitHub: ${Object.values(effect).join(" ")}`,
      async strike() {
        const [user, times] = [random.pick(victims.logins), random.between(1, 4)];
        const which = random.pick([{ method: "POST" }, {}]);
        const remove = victims.github.faults.add({ ...which, user, times, effect });
        await aWhile();
        remove();
      },
    }));
  }
}
