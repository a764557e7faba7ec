import { firstCharacters } from "../clip.ts";
import type { FileDiff } from "../model.ts";
import { fence } from "../prompt/fence.ts";
import { oneLine } from "../prompt/one-line.ts";
import { sectionOf } from "./config-for.ts";
import { directoriesAbove, isWithin } from "./directories.ts";
import { createGlobs } from "./glob.ts";
import type { RepositoryConfig, Tone } from "./repository-config.ts";
import { languageName } from "./values.ts";

/** Room for the team's texts in one prompt, in characters. */
const mostCharacters = 8_000;
/** The rest of a text that is not worth beginning it, in characters. */
const leastCharacters = 200;

const toneMeaning: Record<Tone, string> = {
  plain: "",
  terse: "Be terse: one or two short sentences a body.",
  friendly: "Be friendly: speak to a colleague, without praise or filler.",
  mentoring:
    "The author is learning: say why it goes wrong and name the idea behind the repair, in at most six sentences.",
};

type ChangedFile = Pick<FileDiff, "path">;

/**
 * What the repository's maintainers ask of its reviewer, for the system's message: the wording of findings, and the
 * instructions that bear on these files. They come from the base branch and are trusted; each stands in a fence, so
 * that none can pass for a rule of ours.
 *
 * @param files what is reviewed
 * @param texts what was found of `instructionPaths`, by path
 * @returns "" where there is nothing to say; 8,000 characters of theirs at most, and what is missing is said
 */
export function guidanceFor(
  config: RepositoryConfig,
  files: readonly ChangedFile[],
  texts: ReadonlyMap<string, string>,
): string {
  const { shown, leftOut } = choose(config, files, texts);
  const parts = [
    wordingOf(config),
    ...shown.map(({ source, text }) => fence("instructions", `${oneLine(source)}:\n${text}`, "guidance")),
    leftOut.length === 0 ? "" : `Left out here for want of room: ${leftOut.map(oneLine).join("; ")}.`,
  ];
  return parts.filter((part) => part !== "").join("\n\n");
}

/** What `guidanceFor` has no room for, in sentences for the reader of the review. */
export function guidanceLeftOut(...[config, files, texts]: Parameters<typeof guidanceFor>): string[] {
  const { leftOut } = choose(config, files, texts);
  if (leftOut.length === 0) return [];
  return [
    `The team's instructions are longer than ${mostCharacters} characters; left out: ${leftOut.map(oneLine).join("; ")}`,
  ];
}

/** How findings are to be worded: ours. */
function wordingOf({ findings: { tone, language } }: RepositoryConfig): string {
  const name = languageName(language) ?? language;
  const inLanguage =
    language.toLowerCase() === "en"
      ? ""
      : `Write titles, bodies and the summary in ${name} (${language}); code, names and paths stay as they are.`;
  return [inLanguage, toneMeaning[tone]].filter((part) => part !== "").join(" ");
}

/** One text of the maintainers', and what it is for. */
interface Instruction {
  readonly source: string;
  readonly text: string;
}

function choose(
  config: RepositoryConfig,
  files: readonly ChangedFile[],
  texts: ReadonlyMap<string, string>,
): { shown: Instruction[]; leftOut: string[] } {
  const shown: Instruction[] = [];
  const leftOut: string[] = [];
  let room = mostCharacters;
  for (const { source, text } of instructionsFor(config, files, texts)) {
    if (text.length <= room) shown.push({ source, text });
    else if (room >= leastCharacters) {
      const rest = text.length - room;
      shown.push({ source, text: `${firstCharacters(text, room)}\n[${rest} more characters are not shown]` });
      leftOut.push(`the end of: ${source}`);
    } else leftOut.push(source);
    room = Math.max(0, room - text.length);
  }
  return { shown, leftOut };
}

/** All that bears on the files: what is for everything, then the nearest to the files first. */
function instructionsFor(
  config: RepositoryConfig,
  files: readonly ChangedFile[],
  texts: ReadonlyMap<string, string>,
): Instruction[] {
  const globs = createGlobs();
  const touched = new Set(files.map(({ path }) => sectionOf(config, path)));
  const all = [
    { source: "For everything", text: config.instructions.text },
    ...config.instructions.paths
      .filter(({ paths }) => files.some(({ path }) => paths.some((glob) => globs.match(glob, path))))
      .map(({ paths, text }) => ({ source: `For files that match ${paths.join(", ")}`, text })),
    ...config.sections
      .filter((section) => touched.has(section))
      .map(({ directory, instructions: { text } }) => ({ source: `For files in ${directory}/`, text })),
    ...fromFiles(config, files, texts),
  ];
  return all.map(({ source, text }) => ({ source, text: text.trim() })).filter(({ text }) => text !== "");
}

/** The repository's own files of instructions. One that was found below the root is for what lies there. */
function fromFiles(
  { instructions }: RepositoryConfig,
  files: readonly ChangedFile[],
  texts: ReadonlyMap<string, string>,
): Instruction[] {
  const found = [...texts].map(([path, text]) => {
    const directory = instructions.files.includes(path) ? "" : (directoriesAbove(path).at(-1) ?? "");
    const scope = directory === "" ? "" : `, for files in ${directory}/`;
    const source = `From ${path}${scope} (written for all who work on the code: it counts where it bears on a review)`;
    return { path, directory, source, text };
  });
  return found
    .filter(({ directory }) => files.some(({ path }) => isWithin(directory, path)))
    .toSorted((a, b) => b.directory.length - a.directory.length || (a.path < b.path ? -1 : 1));
}
