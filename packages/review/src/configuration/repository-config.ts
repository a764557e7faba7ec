import { z } from "zod";
import { categories, severities } from "../model.ts";
import { languages } from "./file-languages.ts";
import { directory, filePath, glob, languageTag, wildcard } from "./values.ts";

/** GitHub takes 30 inline comments in one review and no more. */
const mostComments = 30;

/** GitHub lists 3,000 files of a pull request and no more. */
const mostFiles = 3_000;

/** How the findings can be worded. */
const tones = ["plain", "terse", "friendly", "mentoring"] as const;
export type Tone = (typeof tones)[number];

const paths = z
  .strictObject({
    include: glob
      .array()
      .max(200)
      .default([])
      .describe("Only files whose path matches one of these globs are read. Empty: all."),
    ignore: glob
      .array()
      .max(200)
      .default([])
      .describe("Files whose path matches one of these globs are not read, included or not."),
  })
  .prefault({})
  .describe("Which files are read, as globs over whole paths. `*` stops at a slash, `**` does not.");

const ignoredLanguages = z
  .strictObject({
    ignore: z
      .enum(languages)
      .array()
      .max(languages.length)
      .default([])
      .describe("Files of these languages are not read. A file's language is told by its name."),
  })
  .prefault({})
  .describe("Which languages are read.");

const text = z.string().max(4_000).default("").describe("What a reviewer should know or look for.");

const instructions = z
  .strictObject({
    text,
    paths: z
      .strictObject({
        paths: glob.array().min(1).max(50).describe("Globs over whole paths."),
        text: z.string().min(1).max(4_000).describe("What a reviewer should know of these files."),
      })
      .array()
      .max(100)
      .default([])
      .describe("Instructions for some files."),
    files: filePath
      .array()
      .max(10)
      .default([])
      .describe(
        "Files of the repository that hold instructions, such as AGENTS.md or CLAUDE.md, taken from the base branch. A name is looked for in the root and in the folders above the changed files; a path with a slash is one file.",
      ),
  })
  .prefault({})
  .describe("The team's instructions for the model, beside its own rules.");

/** Which pull requests, by one of their texts. */
function choice(what: string) {
  return z
    .strictObject({
      require: wildcard
        .array()
        .max(100)
        .default([])
        .describe(`Only pull requests with one of these ${what} are reviewed. Empty: all.`),
      skip: wildcard
        .array()
        .max(100)
        .default([])
        .describe(`Pull requests with one of these ${what} are not reviewed.`),
    })
    .prefault({})
    .describe(`By ${what}; \`*\` stands for any text, and case makes no difference.`);
}

const filters = z
  .strictObject({
    drafts: z.boolean().default(false).describe("Whether drafts are reviewed before they are ready."),
    bots: z.boolean().default(true).describe("Whether pull requests of bots are reviewed."),
    labels: choice("labels"),
    authors: choice("authors"),
    titles: choice("titles"),
    baseBranches: choice("base branches"),
    headBranches: choice("head branches"),
  })
  .prefault({})
  .describe("Which pull requests are reviewed.");

const minimumSeverity = z.enum(severities).describe("The least severity that is shown.");
const threshold = z
  .number()
  .min(0)
  .max(1)
  .describe("How sure the second check must be of a finding for it to be shown, from 0 to 1.");
const shownCategories = z
  .enum(categories)
  .array()
  .min(1)
  .max(categories.length)
  .describe("The kinds of findings that are shown.");

const findings = z
  .strictObject({
    minimumSeverity: minimumSeverity.default("nit"),
    threshold: threshold.default(0.5),
    categories: shownCategories.default([...categories]),
    maximum: z
      .int()
      .min(0)
      .max(mostComments)
      .default(20)
      .describe("Inline comments in one review; the other findings are listed in the summary."),
    tone: z
      .enum(tones)
      .default("plain")
      .describe("How findings are worded. mentoring: with the idea behind each repair."),
    language: languageTag
      .default("en")
      .describe("The language of findings and summary, as a BCP 47 tag: en, de, pt-BR."),
  })
  .prefault({})
  .describe("Which findings are shown, and how.");

const limits = z
  .strictObject({
    files: z
      .int()
      .min(1)
      .max(mostFiles)
      .default(mostFiles)
      .describe("Files that are read, the riskiest first."),
    tokens: z
      .int()
      .min(8_000)
      .max(2_000_000)
      .default(200_000)
      .describe("Tokens of changes that the model reads, the riskiest first."),
  })
  .prefault({})
  .describe("How much of a pull request is read. What is left out is listed.");

const verdict = z
  .strictObject({
    mode: z
      .enum(["advisory", "binding"])
      .default("advisory")
      .describe("advisory: reviews comment, whatever they find. binding: they approve or request changes."),
    requestChanges: z
      .enum([...severities, "never"])
      .default("moderate")
      .describe("The least severity of an open finding for which changes are requested."),
    approve: z
      .boolean()
      .default(true)
      .describe("Whether a review that read everything and holds nothing open approves."),
  })
  .prefault({})
  .describe("What a review says of the pull request as a whole.");

const enabled = z.boolean().describe("Whether the built-in analysers run.");
const disable = wildcard
  .array()
  .max(200)
  .default([])
  .describe(
    "Rules that are not run, by the names under their findings. `*` stands for any text: `python/*`.",
  );

const analysers = z
  .strictObject({ enabled: enabled.default(true), disable })
  .prefault({})
  .describe("The built-in analysers.");

const section = z
  .strictObject({
    directory,
    paths: paths.describe(
      "`include` in place of the root's, `ignore` beside it. These globs are over whole paths, too.",
    ),
    languages: ignoredLanguages,
    instructions: z
      .strictObject({ text })
      .prefault({})
      .describe("Instructions for this directory, beside the root's."),
    findings: z
      .strictObject({
        minimumSeverity: minimumSeverity.optional(),
        threshold: threshold.optional(),
        categories: shownCategories.optional(),
      })
      .prefault({})
      .describe("In place of what the root says."),
    analysers: z
      .strictObject({ enabled: enabled.optional(), disable })
      .prefault({})
      .describe("`enabled` in place of the root's, `disable` beside it."),
  })
  .describe("Settings for the files in one directory. Of nested ones the deepest counts, and the root.");

/** `.nectr.yml`, every key with its default. See docs/configuration/nectr-yml.md. */
export const repositoryConfigSchema = z.strictObject({
  paths,
  languages: ignoredLanguages,
  instructions,
  filters,
  findings,
  limits,
  verdict,
  status: z.boolean().default(true).describe("Whether the commit status `nectr/review` is set."),
  analysers,
  sections: section.array().max(100).default([]).describe("Settings by directory, as for a monorepo."),
});

export type RepositoryConfig = z.infer<typeof repositoryConfigSchema>;
export type ConfigSection = RepositoryConfig["sections"][number];
