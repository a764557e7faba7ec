import { createSignInLink } from "@nectr/accounts";
import { z } from "zod";
import { withDatabase } from "./database.ts";
import type { LocalConfig } from "./config.ts";
import type { Progress } from "./progress.ts";
import { Refusal, refusalOf, type Session, signInByLink } from "./sign-in.ts";
import type { TokenSource } from "./which-github.ts";

/** What one person's house watches, and for whom. */
export interface PersonalHouse {
  /** In whose name reviews are posted. */
  readonly login: string;
  /** `owner/name` of each connected repository. */
  readonly repositories: readonly string[];
  /** How the person signs in. */
  readonly link: string;
}

/** Where the house is to be found. */
export interface Place {
  readonly databaseUrl: string;
  /** BACKEND_URL. */
  readonly backend: string;
}

const hourMs = 3_600_000;
/** How long a link is good. */
export const linkHours = 24;

const meSchema = z.object({ user: z.object({ login: z.string() }) });
const repositoriesSchema = z.object({
  repositories: z.array(z.object({ full_name: z.string(), connected: z.boolean() })),
  pages: z.number(),
});

/**
 * Does what the person would do: signs in, and connects the repositories that were named. One that can't be
 * connected is reported, and the others are connected all the same. What was connected before stays so.
 * @param github.source which token it is whose owner the person is.
 * @throws Error where GitHub does not take the token, or does not answer.
 */
export async function settleIn(
  place: Place,
  { source }: { source: TokenSource },
  { NECTR_REPOSITORIES }: Pick<LocalConfig, "NECTR_REPOSITORIES">,
  { progress, stopping }: { progress: Progress; stopping: () => boolean },
): Promise<PersonalHouse> {
  const { session, login } = await progress.step(
    "sign-in",
    () => signInAsOwner(place, source),
    (signedIn) => signedIn.login,
  );
  for (const repository of NECTR_REPOSITORIES) {
    if (stopping()) break;
    await progress.step(
      "connect",
      () => connectRepository(session, repository),
      (refusal) => (refusal === undefined ? repository : `${repository} not connected: ${refusal}`),
    );
  }
  return { login, repositories: await connectedRepositories(session), link: await makeLink(place) };
}

/**
 * A link that signs the person in once, within a day. Its token is in the fragment, which browsers send to nobody:
 * it is in no log and no Referer.
 */
export async function makeLink({ databaseUrl, backend }: Place): Promise<string> {
  return `${backend}/#link=${await makeToken(databaseUrl, linkHours * hourMs)}`;
}

async function makeToken(databaseUrl: string, lifetimeMs: number): Promise<string> {
  const expiresAt = new Date(Date.now() + lifetimeMs);
  return await withDatabase(databaseUrl, (db) => createSignInLink(db, expiresAt));
}

async function signInAsOwner(
  { databaseUrl, backend }: Place,
  source: TokenSource,
): Promise<{ session: Session; login: string }> {
  const token = await makeToken(databaseUrl, hourMs);
  try {
    const session = await signInByLink(backend, token);
    const { user } = await read(session, "/auth/me", meSchema);
    return { session, login: user.login };
  } catch (cause) {
    const reason = cause instanceof Refusal ? explain(cause, source) : undefined;
    if (reason === undefined) throw cause;
    throw new Error(reason, { cause });
  }
}

/** What to do about it here, where there is no link to try again with. */
function explain({ code }: Refusal, source: TokenSource): string | undefined {
  switch (code) {
    case "token_refused":
      return source === "GITHUB_PAT"
        ? "GitHub does not accept GITHUB_PAT. Set a token that is valid, then start again."
        : "GitHub does not accept gh's token. Sign in again with gh auth login, then start again.";
    case "github_unavailable":
      return "GitHub does not answer. Start again in a few minutes.";
    default:
      return undefined;
  }
}

/** @returns why it was refused; undefined where it is connected now. */
async function connectRepository(session: Session, repository: string): Promise<string | undefined> {
  const response = await session.request("POST", `/api/v1/repos/${repository}/install`, {});
  if (!response.ok) return (await refusalOf(response)).message;
  await response.body?.cancel();
  return undefined;
}

/** The connected ones come first, so that the pages after the first without one need not be read. */
async function connectedRepositories(session: Session): Promise<string[]> {
  const names: string[] = [];
  for (let page = 1; ; page += 1) {
    const { repositories, pages } = await read(session, `/api/v1/repos?page=${page}`, repositoriesSchema);
    names.push(...repositories.filter(({ connected }) => connected).map(({ full_name }) => full_name));
    if (page >= pages || !repositories.at(-1)?.connected) return names;
  }
}

async function read<T>(session: Session, path: string, schema: z.ZodType<T>): Promise<T> {
  const response = await session.request("GET", path);
  if (!response.ok) throw await refusalOf(response);
  return schema.parse(await response.json());
}
