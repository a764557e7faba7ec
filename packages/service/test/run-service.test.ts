import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { afterEach, describe, expect, onTestFinished, test } from "vitest";

const program = new URL("fixtures/service.ts", import.meta.url);
const parentProgram = new URL("fixtures/parent.ts", import.meta.url);

const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
});

interface Running {
  readonly child: ChildProcess;
  readonly output: () => string;
  readonly exit: Promise<unknown[]>;
}

function run(mode: string, path = program): Running {
  const child = fork(path, [mode], { stdio: ["ignore", "pipe", "pipe", "ipc"] });
  children.push(child);
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream?.on("data", (chunk) => (output += String(chunk)));
  return { child, output: () => output, exit: once(child, "close") };
}

async function ready({ child }: Running): Promise<number> {
  const [message] = await once(child, "message");
  expect(message).toEqual({ kind: "ready", port: expect.any(Number) });
  return message.port;
}

/** The order in which the fixture's resources were released. */
const released = (output: string) => [...output.matchAll(/released (\w+)/g)].map(([, name]) => name);

describe("runService", () => {
  test.each(["SIGTERM", "SIGINT"] as const)(
    "%s: the request in flight ends, then the last resource first",
    async (signal) => {
      const service = run("orderly");
      const port = await ready(service);
      const entered = once(service.child, "message");
      const answer = fetch(`http://127.0.0.1:${port}/slow`).then((response) => response.text());
      await entered;
      service.child.kill(signal);
      expect(await answer).toBe("whole");
      expect(await service.exit).toEqual([0, null]);
      expect(released(service.output())).toEqual(["queue", "database"]);
    },
  );

  test("a second signal changes nothing", async () => {
    const service = run("orderly");
    await ready(service);
    service.child.kill("SIGINT");
    service.child.kill("SIGTERM");
    expect(await service.exit).toEqual([0, null]);
    expect(released(service.output())).toEqual(["queue", "database"]);
  });

  test("stops when the process that forked it is killed", async () => {
    const parent = run("orderly", parentProgram);
    const [{ pid }] = await once(parent.child, "message");
    onTestFinished(() => {
      if (isAlive(pid)) process.kill(pid, "SIGKILL");
    });
    parent.child.kill("SIGKILL");
    // The orphan holds the other end of the pipes: they close when it is gone.
    await parent.exit;
    expect(released(parent.output())).toEqual(["queue", "database"]);
  });

  test.each(["rejection", "exception"])(
    "an unhandled %s is logged, and stops in order with code 1",
    async (mode) => {
      const service = run(mode);
      expect(await service.exit).toEqual([1, null]);
      expect(service.output()).toMatch(/"level":"fatal".*"message":"a mistake"/);
      expect(released(service.output())).toEqual(["queue", "database"]);
    },
  );

  test("a stop that hangs is bounded, and exits with 1", async () => {
    const service = run("hanging");
    await ready(service);
    service.child.kill("SIGTERM");
    expect(await service.exit).toEqual([1, null]);
    expect(service.output()).toContain("did not stop in order");
  });

  test("a signal during a start that hangs stops too", async () => {
    const service = run("hanging-start");
    await once(service.child, "message");
    service.child.kill("SIGTERM");
    expect(await service.exit).toEqual([0, null]);
    expect(released(service.output())).toEqual(["database"]);
  });

  test("a configuration that cannot be used is printed plainly, every problem of it", async () => {
    const service = run("misconfigured");
    expect(await service.exit).toEqual([1, null]);
    expect(service.output()).toContain("fixture: The configuration has 3 problems:\n  PORT cannot be used");
    expect(service.output()).not.toMatch(/^\s+at /m);
  });

  test("a start that fails otherwise is logged with its stack, and releases what it had", async () => {
    const service = run("failing-start");
    expect(await service.exit).toEqual([1, null]);
    expect(service.output()).toMatch(/"level":"fatal".*"stack":"Error: no database\\n {4}at /);
    expect(released(service.output())).toEqual(["database"]);
  });
});

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
