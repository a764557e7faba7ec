import { Buffer } from "node:buffer";
import { z } from "zod";
import type { GitHubClient } from "./client.ts";
import { maxFileBytes, readableText } from "./contents.ts";
import { type GitHubError, GitHubForbidden, GitHubNotFound } from "./errors.ts";
import { queryGraphql } from "./graphql.ts";
import { type RepositoryRef, routeOf } from "./repositories.ts";

/** A file as it is at a commit. */
export interface WantedFile {
  readonly ref: string;
  readonly path: string;
}

/** Bytes of one answer; a longer one is asked for file by file. */
const maxAnswerBytes = 32 * 1024 * 1024;

/** What one query brings. `refs`: commits that are there. `unsure`: files that have to be asked for by themselves. */
export interface Found {
  readonly refs: readonly string[];
  readonly texts: readonly (WantedFile & { readonly text: string })[];
  readonly unsure: readonly WantedFile[];
}

/** Of what is no blob (a folder, a submodule) nothing is told. */
const blobSchema = z.object({
  text: z.string().nullish(),
  isBinary: z.boolean().nullish(),
  isTruncated: z.boolean().optional(),
  byteSize: z.int().nonnegative().optional(),
});
type Blob = z.infer<typeof blobSchema>;

const dataSchema = z.object({ repository: z.record(z.string(), blobSchema.nullable()).nullish() });

/**
 * Asks for the texts of files in one request.
 *
 * @throws GitHubNotFound (without a status) where GitHub shows no such repository; whatever `queryGraphql` throws
 */
export async function queryTexts(
  client: GitHubClient,
  repo: RepositoryRef,
  files: readonly WantedFile[],
): Promise<Found> {
  const refs = [...new Set(files.map(({ ref }) => ref))];
  const { data, errors } = await queryGraphql(client, dataSchema, {
    query: textQuery(refs.length, files.length),
    variables: variablesOf(repo, refs, files),
    maxBytes: maxAnswerBytes,
  });
  const { repository } = data;
  if (repository == null) throw noRepository(errors.map(({ type }) => type));
  // Without the name of what it is about, an error may be about any of them.
  const failed = new Set(errors.map(({ path }) => path[1]));
  const isSure = (alias: string) =>
    !failed.has(alias) && (repository[alias] != null || !failed.has(undefined));
  const there = refs.filter((_, index) => repository[`c${index}`] != null);
  const texts: (WantedFile & { text: string })[] = [];
  const unsure: WantedFile[] = [];
  for (const [index, file] of files.entries()) {
    const blob = repository[`b${index}`] ?? undefined;
    const text = isSure(`b${index}`) ? textOf(blob) : "unsure";
    if (text === "unsure" || (blob === undefined && !there.includes(file.ref))) unsure.push(file);
    else if (text !== undefined) texts.push({ ...file, ...text });
  }
  return { refs: there, texts, unsure };
}

/** Only names of ours stand in the text of the query; all that comes from elsewhere is a variable. */
function textQuery(refs: number, files: number): string {
  const aliases = [...numbered("c", refs), ...numbered("b", files)];
  const parameters = aliases.map((alias) => `$${alias}: String!`).join(", ");
  const fields = aliases.map(
    (alias) => `${alias}: object(expression: $${alias}) { ${alias.startsWith("b") ? "...file" : "oid"} }`,
  );
  return `query($owner: String!, $name: String!, ${parameters}) {
  repository(owner: $owner, name: $name) {
    ${fields.join("\n    ")}
  }
}
fragment file on Blob { text isBinary isTruncated byteSize }`;
}

function numbered(letter: string, count: number): string[] {
  return Array.from({ length: count }, (_, index) => `${letter}${index}`);
}

function variablesOf(
  repo: RepositoryRef,
  refs: readonly string[],
  files: readonly WantedFile[],
): Record<string, string> {
  const { owner, repo: name } = routeOf(repo);
  return {
    owner,
    name,
    ...Object.fromEntries(refs.map((ref, index) => [`c${index}`, ref])),
    ...Object.fromEntries(files.map(({ ref, path }, index) => [`b${index}`, `${ref}:${path}`])),
  };
}

/** Where the token may not (SAML, an organization's restriction), REST has the last word. */
function noRepository(types: readonly string[]): GitHubError {
  return types.includes("NOT_FOUND")
    ? new GitHubNotFound("GitHub shows no such repository")
    : new GitHubForbidden(`GitHub does not show the repository: ${types.join(", ")}`);
}

/** Bytes of the longest target of a symbolic link. */
const longestLink = 4096;

/** The text for certain, that there is none for certain, or `unsure`. */
function textOf(blob: Blob | undefined): { text: string } | undefined | "unsure" {
  if (blob?.byteSize === undefined) return undefined;
  const { text, isBinary, isTruncated, byteSize } = blob;
  if (byteSize > maxFileBytes || isBinary === true) return undefined;
  if (text == null || isTruncated !== false) return "unsure";
  // GitHub gives text in UTF-8 whatever the file is in.
  if (Buffer.byteLength(text) !== byteSize || text.includes("\ufffd")) return "unsure";
  // A symbolic link is a blob that holds its target; REST gives the file that it leads to.
  if (byteSize > 0 && byteSize <= longestLink && !text.includes("\n")) return "unsure";
  const readable = readableText(text);
  return readable === undefined ? undefined : { text: readable };
}
