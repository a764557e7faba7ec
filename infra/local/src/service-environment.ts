import { generateFernetKey } from "@nectr/crypto";
import type { LocalConfig } from "./config.ts";
import type { DataFolder } from "./data-folder.ts";
import { readOrMakeSecret } from "./read-or-make-secret.ts";
import type { NamedPort } from "./ports.ts";
import type { GitHub } from "./which-github.ts";

export type Environment = Readonly<Record<string, string | undefined>>;

/** Each program's port, counted from NECTR_PORT. */
export function portsFrom(first: number) {
  return {
    auth: { name: "auth", port: first },
    ingest: { name: "webhook-ingest", port: first + 1 },
    worker: { name: "review-worker", port: first + 2 },
    simulator: { name: "simulator", port: first + 10 },
  } satisfies Record<string, NamedPort>;
}

/** Where the house is to be reached. */
export interface Addresses {
  readonly backend: string;
  readonly webhooks: string;
  /** Undefined: it is a real GitHub. */
  readonly simulator: string | undefined;
}

export function addressesOf(
  config: LocalConfig,
  github: GitHub,
  ports: ReturnType<typeof portsFrom>,
): Addresses {
  const local = (port: NamedPort) => `http://localhost:${port.port}`;
  return {
    backend: config.BACKEND_URL ?? local(ports.auth),
    webhooks: config.WEBHOOK_URL ?? local(ports.ingest),
    // By its number, as the simulator calls itself in what it sends.
    simulator: github.kind === "simulated" ? `http://127.0.0.1:${ports.simulator.port}` : undefined,
  };
}

/** What was decided before anything runs. */
export interface Wiring {
  readonly config: LocalConfig;
  readonly github: GitHub;
  readonly addresses: Addresses;
  readonly data: DataFolder;
}

/** The variables that the services read, as an operator would set them in production. */
export function serviceEnvironment(
  { config, github, addresses, data }: Wiring,
  databaseUrl: string,
): Environment {
  return {
    ...config.environment,
    DATABASE_URL: databaseUrl,
    SECRET_KEY: config.SECRET_KEY ?? readOrMakeSecret(data.secretKey, generateFernetKey),
    BACKEND_URL: addresses.backend,
    WEBHOOK_URL: addresses.webhooks,
    ...(github.kind === "personal" && { GITHUB_PAT: github.token }),
    ...(addresses.simulator !== undefined && {
      GITHUB_URL: addresses.simulator,
      GITHUB_API_URL: addresses.simulator,
      GITHUB_CLIENT_ID: "nectr-demo",
      GITHUB_CLIENT_SECRET: readOrMakeSecret(data.simulatorClientSecret, generateFernetKey),
    }),
  };
}
