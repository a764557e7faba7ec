import { constants } from "node:fs";
import { access, stat, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { Trouble } from "../trouble.ts";

/** Before work that costs something: can its result be written there? Nothing is written yet. @throws Trouble */
export async function assertWritable(file: string): Promise<void> {
  const found = await kindOf(file);
  if (found === "folder") throw new Trouble(`${file} is a folder: name a file to write to.`);
  const folder = dirname(file);
  if (found === undefined && (await kindOf(folder)) !== "folder") {
    throw new Trouble(`There is no folder ${folder} to write to.`);
  }
  await access(found === undefined ? folder : file, constants.W_OK).catch((cause: unknown) => {
    throw cannotWrite(file, cause);
  });
}

/** @throws Trouble */
export async function writeOutput(file: string, text: string): Promise<void> {
  await writeFile(file, text).catch((cause: unknown) => {
    throw cannotWrite(file, cause);
  });
}

function cannotWrite(file: string, cause: unknown): Trouble {
  const code = cause instanceof Error && "code" in cause ? ` (${String(cause.code)})` : "";
  return new Trouble(`${file} cannot be written${code}.`, { cause });
}

async function kindOf(path: string): Promise<"folder" | "file" | undefined> {
  try {
    return (await stat(path)).isDirectory() ? "folder" : "file";
  } catch {
    // Whatever the reason: there is nothing that this user can see.
    return undefined;
  }
}
