import { mkdir, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { KeptQuestion } from "./question-store.ts";

/** Writes each to a file of its own, which only this user can read: they hold code. @returns the files */
export async function writeQuestions(folder: string, questions: readonly KeptQuestion[]): Promise<string[]> {
  const directory = resolve(folder);
  await mkdir(directory, { recursive: true });
  const files: string[] = [];
  for (const question of questions) {
    const file = join(directory, `${`${question.review} ${question.name}`.replace(/[^\w.-]+/g, "-")}.json`);
    await writeFile(file, `${JSON.stringify(question, undefined, 2)}\n`, { mode: 0o600 });
    files.push(file);
  }
  return files;
}

export function renderWritten(folder: string, files: readonly string[]): string {
  if (files.length === 0) {
    return "No questions were kept. Set KEEP_QUESTIONS=true, and those of later reviews are.\n";
  }
  const count = files.length === 1 ? "1 question" : `${files.length} questions`;
  return `${count} written. Ask them of another model with: npm run eval -- replay --questions ${folder}\n`;
}
