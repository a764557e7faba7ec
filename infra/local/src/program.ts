import { type ChildProcess, fork } from "node:child_process";
import { closeSync, mkdirSync, openSync } from "node:fs";
import { dirname, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { checkout } from "./config.ts";
import { startFailure } from "./start-failure.ts";

/** A program of the house, as production runs it. */
export interface ProgramSpec {
  readonly name: string;
  /** Its main.ts, from the checkout. */
  readonly main: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Where its output goes. */
  readonly log: string;
}

export interface Program {
  /** SIGTERM, and SIGKILL where that is not obeyed. */
  stop(): Promise<void>;
}

/** A little longer than the services' own limit for an orderly stop. */
const stopLimitMs = 28_000;
const startLimitMs = 60_000;

/**
 * Starts a program and waits until it says that it is ready. One that ends by itself later is started again, a
 * second after, as any supervisor would.
 * @param onRestart told of it.
 * @throws Error with the end of its log where it does not come up.
 */
export async function startProgram(spec: ProgramSpec, onRestart: () => void): Promise<Program> {
  mkdirSync(dirname(spec.log), { recursive: true });
  let stopping = false;
  let child = await spawnReady(spec);
  const keepRunning = (): void => {
    child.once("exit", () => {
      if (stopping) return;
      onRestart();
      void restart();
    });
  };
  const restart = async (): Promise<void> => {
    await delay(1_000);
    if (stopping) return;
    child = launch(spec);
    keepRunning();
  };
  keepRunning();
  return {
    async stop() {
      stopping = true;
      await end(child);
    },
  };
}

function launch({ main, environment, log }: ProgramSpec): ChildProcess {
  const output = openSync(log, "a");
  const child = fork(join(checkout, main), {
    cwd: checkout,
    env: environment,
    stdio: ["ignore", output, output, "ipc"],
    // Ctrl-C in the terminal goes to the launcher alone, which stops things in their order. Should the launcher
    // vanish, the closed channel tells the program to stop.
    detached: true,
  });
  closeSync(output);
  return child;
}

async function spawnReady(spec: ProgramSpec): Promise<ChildProcess> {
  const child = launch(spec);
  const ready = new Promise<"ready">((resolve) => child.once("message", () => resolve("ready")));
  const ended = new Promise<"ended">((resolve) => child.once("exit", () => resolve("ended")));
  const late = delay(startLimitMs, "late" as const, { ref: false });
  const outcome = await Promise.race([ready, ended, late]);
  if (outcome === "ready") return child;
  await end(child);
  throw startFailure(spec.name, spec.log);
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGTERM");
  const killer = setTimeout(() => child.kill("SIGKILL"), stopLimitMs);
  await exited;
  clearTimeout(killer);
}
