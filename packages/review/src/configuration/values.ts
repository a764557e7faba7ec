import { z } from "zod";
import { expandBraces } from "./glob.ts";

// What a value must be is said as the end of a sentence: "`paths.ignore[0]` must be ...".

/** A glob over whole paths. */
export const glob = z
  .string()
  .min(1)
  .max(300)
  .regex(/^[^!\s][^\r\n]*$/, {
    error: "a glob over whole paths, without `!`: what is not to be read stands under `paths.ignore`",
    abort: true,
  })
  .refine((text) => expandBraces(text) !== undefined, "a glob with fewer alternatives");

/** A text in which `*` stands for any text. */
export const wildcard = z.string().min(1).max(300);

/** From the root, with no empty step and none that leads elsewhere. */
const pathFromRoot = /^(?!\.{0,2}(?:\/|$))(?!.*\/\.{0,2}(?:\/|$))[^*\\\r\n]+$/;

export const directory = z
  .string()
  .max(300)
  .regex(pathFromRoot, "a directory's path from the root, without slashes around it and without `*`")
  .describe("A directory, by its path from the root of the repository: apps/web.");

export const filePath = z
  .string()
  .max(300)
  .regex(pathFromRoot, "a file's name, or its path from the root, without `*`");

export const languageTag = z
  .string()
  .regex(/^[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,3}$/, {
    error: "a language's tag, such as `en`, `de` or `pt-BR`",
    abort: true,
  })
  .refine((tag) => languageName(tag) !== undefined, "the tag of a language that there is");

/** The English name of a language: `German` for `de`. */
export function languageName(tag: string): string | undefined {
  try {
    return new Intl.DisplayNames(["en"], { type: "language", fallback: "none" }).of(tag);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}
