import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { generateFernetKey } from "../../packages/crypto/src/index.ts";
import { readDatabaseUrl } from "../../packages/db/src/config.ts";
import { readConfig as readAuthConfig } from "../../services/auth/src/config.ts";
import { readConfig as readWorkerConfig } from "../../services/review-worker/src/config.ts";
import { readConfig as readIngestConfig } from "../../services/webhook-ingest/src/config.ts";

const root = resolve(import.meta.dirname, "../..");
const readFile = (path: string) => readFileSync(join(root, path), "utf8");
const dockerCompose = spawnSync("which", ["docker-compose"], { encoding: "utf8" }).stdout.trim();

/** The part of a resolved compose file that matters here. */
interface Service {
  readonly image?: string;
  readonly build?: {
    readonly context: string;
    readonly dockerfile: string;
    readonly args: { SERVICE: string };
  };
  readonly command?: readonly string[];
  readonly container_name?: string;
  readonly environment?: Readonly<Record<string, string>>;
  readonly ports?: readonly { readonly published: number | string; readonly target: number }[];
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
}

const required = {
  POSTGRES_PASSWORD: "correct-horse",
  SECRET_KEY: `${generateFernetKey()},${generateFernetKey()}`,
  BACKEND_URL: "https://nectr.example.com",
  GITHUB_CLIENT_ID: "the-id",
  GITHUB_CLIENT_SECRET: "the-secret",
};

/** What a program of an image reads its configuration with. */
const readers: Readonly<Record<string, (environment: Record<string, string>) => unknown>> = {
  auth: readAuthConfig,
  "webhook-ingest": readIngestConfig,
  "review-worker": readWorkerConfig,
  migrate: readDatabaseUrl,
};

const folder = mkdtempSync(join(tmpdir(), "nectr-compose-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** What `docker-compose config` makes of the file with these variables, and no other ones. */
function resolveCompose(variables: Readonly<Record<string, string>>) {
  const file = join(folder, ".env");
  writeFileSync(
    file,
    Object.entries(variables)
      .map(([name, value]) => `${name}=${value}\n`)
      .join(""),
  );
  return spawnSync(dockerCompose, ["--env-file", file, "config"], {
    cwd: root,
    encoding: "utf8",
    // This process's own variables would come before the file's.
    env: {},
  });
}

/** The variables that every image sets by itself. */
function imageEnvironment(): Record<string, string> {
  const [, line = ""] = /^ENV (.+)$/m.exec(readFile("infra/images/Dockerfile")) ?? [];
  return Object.fromEntries(line.split(" ").map((pair) => pair.split("=", 2)));
}

/** The names that `read` asks for. */
function namesRead(
  read: (environment: Record<string, string>) => unknown,
  environment: Record<string, string>,
) {
  const names = new Set<string>();
  const recorder = new Proxy(environment, {
    get(target, name) {
      names.add(String(name));
      return Reflect.get(target, name);
    },
  });
  return { config: read(recorder), names };
}

describe.skipIf(dockerCompose === "")("docker-compose.yml (needs docker-compose)", () => {
  let services: Record<string, Service> = {};

  beforeAll(() => {
    const { stdout, stderr, status } = resolveCompose(required);
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    // docker-compose has checked the file and written this itself.
    services = (parse(stdout) as { services: Record<string, Service> }).services;
  });

  test("runs every part of the house", () => {
    expect(Object.keys(services).sort()).toEqual([
      "auth",
      "gateway",
      "migrate",
      "postgres",
      "redis",
      "review-worker",
      "webhook-ingest",
    ]);
  });

  test("opens one door: the gateway's", () => {
    const open = Object.entries(services).filter(([, { ports }]) => ports !== undefined);
    expect(open.map(([name, { ports }]) => [name, ports?.length])).toEqual([["gateway", 1]]);
  });

  test("names no container, so that each can be scaled", () => {
    expect(Object.values(services).filter((service) => service.container_name !== undefined)).toEqual([]);
  });

  test.each(["auth", "webhook-ingest", "review-worker"])("%s runs the program of its name", (name) => {
    expect(services[name]?.build).toEqual({
      context: root,
      dockerfile: "infra/images/Dockerfile",
      args: { SERVICE: name },
    });
    // The image's own command.
    expect(services[name]?.command).toBeUndefined();
    expect(readFile("infra/images/Dockerfile")).toContain("exec node services/${SERVICE}/src/main.ts");
    expect(services[name]?.depends_on).toHaveProperty("migrate.condition", "service_completed_successfully");
  });

  test.each(Object.keys(readers))("%s is told all that its configuration reads, and nothing else", (name) => {
    const told = services[name]?.environment ?? {};
    const read = readers[name];
    if (read === undefined) throw new Error(`nothing is known of ${name}`);
    const { names } = namesRead(read, { ...imageEnvironment(), ...told });
    const ofImage = Object.keys(imageEnvironment()).filter((variable) => !(variable in told));
    expect(Object.keys(told).sort()).toEqual([...names].filter((name) => !ofImage.includes(name)).sort());
  });

  test("auth believes the gateway, and nobody in front of it", () => {
    const told = { ...imageEnvironment(), ...services["auth"]?.environment };
    expect(readAuthConfig(told)).toMatchObject({ production: true, trustedProxies: 1, host: "0.0.0.0" });
  });

  test("the gateway finds its services where they listen", () => {
    const portOf = (name: string) => services[name]?.environment?.["PORT"];
    expect(services["gateway"]?.environment).toMatchObject({
      AUTH_URL: `http://auth:${portOf("auth")}`,
      INGEST_URL: `http://webhook-ingest:${portOf("webhook-ingest")}`,
    });
  });

  test("carries each value from .env to the containers", () => {
    const names = [...readFile("docker-compose.yml").matchAll(/\$\{(\w+):-/g)].map(([, name = ""]) => name);
    const optional = Object.fromEntries(
      names.map((name) => [name, name === "NECTR_PORT" ? "8765" : `of-${name}`]),
    );
    const { stdout } = resolveCompose({ ...required, ...optional });
    const resolved = (parse(stdout) as { services: Record<string, Service> }).services;
    const told = Object.values(resolved).flatMap(({ environment }) => Object.entries(environment ?? {}));
    for (const name of names.filter((name) => name !== "NECTR_PORT")) {
      expect(told).toContainEqual([name, `of-${name}`]);
    }
    expect(resolved["gateway"]?.ports).toMatchObject([{ published: 8765, target: 8000 }]);
  });

  test.each(Object.keys(required))("does not start without %s, and says what to set", (name) => {
    const { status, stderr } = resolveCompose({ ...required, [name]: "" });
    expect(status).not.toBe(0);
    expect(stderr).toContain(`Set ${name} in .env`);
  });
});

describe(".env.example", () => {
  const names = [...readFile(".env.example").matchAll(/^(\w+)=/gm)].map(([, name]) => name);
  const interpolated = [...readFile("docker-compose.yml").matchAll(/\$\{(\w+):/g)].map(([, name]) => name);
  /** Read by `npm start` alone. */
  const local = ["NECTR_REPOSITORIES", "REDIS_URL"];

  test("names every variable that compose reads, and no unknown one", () => {
    expect(new Set(names)).toEqual(new Set([...interpolated, ...local]));
    expect(new Set(names).size).toBe(names.length);
  });

  test("holds no value, so no secret either", () => {
    expect(readFile(".env.example")).not.toMatch(/^\w+=.+$/m);
  });
});
