import { join } from "node:path";
import { migrateToLatest } from "@nectr/db";
import { connectQueues } from "@nectr/queue";
import type { LocalConfig } from "./config.ts";
import { type DataFolder, dataFolder, removeData } from "./data-folder.ts";
import { ensureDatabase, withDatabase } from "./database.ts";
import { type LinkAnswer, lockDataFolder } from "./data-folder-lock.ts";
import { runDemo } from "./demo.ts";
import { askGhForToken } from "./gh-token.ts";
import { makeLink, type PersonalHouse, type Place, settleIn } from "./personal.ts";
import { checkPorts } from "./ports.ts";
import { startPostgres } from "./postgres.ts";
import { type Program, startProgram } from "./program.ts";
import type { Progress } from "./progress.ts";
import { addressesOf, type Environment, portsFrom, serviceEnvironment } from "./service-environment.ts";
import { describeHouse } from "./welcome.ts";
import { chooseGitHub, describeGitHub } from "./which-github.ts";

/** How long programs of a run that was killed may take to stop. */
const crashPatienceMs = 30_000;

export interface HouseContext {
  readonly resources: AsyncDisposableStack;
  readonly progress: Progress;
  /** Asked between the steps. */
  readonly stopping: () => boolean;
}

/**
 * Brings up the database and the services. Where one person's token is all there is, that person is signed in and
 * what they named is connected; where no GitHub is configured, there is a simulated one with a demo.
 */
export async function startHouse(config: LocalConfig, context: HouseContext): Promise<void> {
  const { resources, progress } = context;
  progress.heading("Nectr");
  const lock = resources.use(await lockDataFolder(config.dataDir));
  const data = dataFolder(config.dataDir);
  const ports = portsFrom(config.NECTR_PORT);
  const { simulator: simulatorPort, ...servicePorts } = ports;
  const github = await progress.step(
    "GitHub",
    () => chooseGitHub(config, (host) => askGhForToken(host, { environment: config.environment })),
    (chosen) => describeGitHub(chosen, config),
  );
  const addresses = addressesOf(config, github, ports);
  const simulated = addresses.simulator !== undefined;
  await checkPorts(
    [...Object.values(servicePorts), ...(simulated ? [simulatorPort] : [])],
    lock.afterCrash ? crashPatienceMs : 0,
  );
  if (config.reset && config.DATABASE_URL !== undefined) {
    throw new Error(
      "--reset does not empty the database at DATABASE_URL. Empty it yourself, or unset DATABASE_URL.",
    );
  }
  if (config.reset) {
    await progress.step(
      "reset",
      () => removeData(data),
      () => "data removed",
    );
  }

  const databaseUrl =
    config.DATABASE_URL ?? (await startDatabase(data, simulated ? "nectr_demo" : "nectr", context));
  await progress.step("migrations", () => withDatabase(databaseUrl, migrateToLatest), describeMigrations);
  await progress.step(
    "queue",
    () => prepareQueue(databaseUrl, config.REDIS_URL),
    (backend) => (backend === "redis" ? "Redis" : "PostgreSQL"),
  );

  const environment = serviceEnvironment({ config, github, addresses, data }, databaseUrl);
  const start = (name: string, main: string, port: number, more: Environment = {}) =>
    startOne(context, { name, main, data, environment: { ...environment, ...more, PORT: String(port) } });
  if (simulated) {
    const demo = { NECTR_SIMULATOR_DIR: data.simulator, NECTR_SIMULATOR_DEMO: "1" };
    const simulator = await start("simulator", "packages/github-simulator", simulatorPort.port, demo);
    resources.defer(() => simulator.stop());
  }
  const services: Program[] = [];
  resources.defer(() => stopAll(services, progress));
  for (const { name, port } of Object.values(servicePorts)) {
    services.push(await start(name, `services/${name}`, port));
  }

  if (addresses.simulator !== undefined) {
    await runDemo({ authUrl: addresses.backend, simulatorUrl: addresses.simulator }, context);
  }
  const place = { databaseUrl, backend: addresses.backend };
  const person = github.kind === "personal" ? await settleIn(place, github, config, context) : undefined;
  lock.answerWith({
    link: () => answerForLink(place, person),
    stores: async () => ({ databaseUrl, redisUrl: config.REDIS_URL }),
  });
  if (!context.stopping()) describeHouse(config, addresses, person, progress);
}

async function answerForLink(place: Place, person: PersonalHouse | undefined): Promise<LinkAnswer> {
  if (person !== undefined) return { link: await makeLink(place) };
  const refusal = `A link is for one person with a token; here people sign in with GitHub, at ${place.backend}`;
  return { refusal };
}

async function startOne(
  { progress, stopping }: HouseContext,
  program: { name: string; main: string; data: DataFolder; environment: Environment },
): Promise<Program> {
  if (stopping()) throw new Error("stopped while starting");
  const { name, environment } = program;
  const log = join(program.data.logs, `${name}.log`);
  const onRestart = () => progress.note(`${name} ended unexpectedly and is started again; see ${log}`);
  return await progress.step(
    name,
    () => startProgram({ name, main: `${program.main}/src/main.ts`, environment, log }, onRestart),
    () => `http://localhost:${environment["PORT"]}`,
  );
}

async function stopAll(services: readonly Program[], progress: Progress): Promise<void> {
  await progress.step(
    "services",
    () => Promise.all(services.map((service) => service.stop())),
    () => "stopped",
  );
}

async function startDatabase(
  data: DataFolder,
  name: "nectr" | "nectr_demo",
  context: HouseContext,
): Promise<string> {
  const { resources, progress, stopping } = context;
  const postgres = await progress.step("PostgreSQL", () => startPostgres({ folder: data.postgres }));
  void postgres.exited.then(() => {
    if (!stopping()) progress.note("PostgreSQL ended unexpectedly. Stop with Ctrl-C and start again.");
  });
  resources.defer(() =>
    progress.step(
      "PostgreSQL",
      () => postgres.stop(),
      () => "stopped",
    ),
  );
  return await ensureDatabase(postgres.url, name);
}

function describeMigrations(applied: string[]): string {
  return applied.length === 0 ? "up to date" : `${applied.length} applied`;
}

/** Creates the queue's tables before a worker asks for them, and shows a Redis that does not answer. */
async function prepareQueue(
  databaseUrl: string,
  redisUrl: string | undefined,
): Promise<"redis" | "postgres"> {
  await using queues = await connectQueues({ databaseUrl, redisUrl, onError: () => {} });
  await queues.ping();
  return queues.backend;
}
