import { rmSync } from "node:fs";
import { join } from "node:path";
import { removePostgres } from "./postgres-home.ts";
import { stopOrphan } from "./postgres.ts";

/** All that `npm start` keeps, each by its place in the data folder. */
export interface DataFolder {
  readonly postgres: string;
  readonly simulator: string;
  readonly logs: string;
  readonly secretKey: string;
  readonly simulatorClientSecret: string;
}

export function dataFolder(path: string): DataFolder {
  return {
    postgres: join(path, "postgres"),
    simulator: join(path, "simulator"),
    logs: join(path, "logs"),
    secretKey: join(path, "secret-key"),
    simulatorClientSecret: join(path, "simulator-client-secret"),
  };
}

/** Removes what we made and nothing else: the folder may be one that holds other things too. */
export async function removeData({ postgres, ...others }: DataFolder): Promise<void> {
  await stopOrphan(postgres);
  removePostgres(postgres);
  for (const path of Object.values(others)) rmSync(path, { recursive: true, force: true });
}
