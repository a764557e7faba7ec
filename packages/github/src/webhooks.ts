import { z } from "zod";
import { fetchAll, fetchOne } from "./answers.ts";
import type { GitHubClient } from "./client.ts";
import {
  type GitHubErrorDetails,
  GitHubForbidden,
  GitHubInvalid,
  GitHubNotFound,
  isDoubtful,
} from "./errors.ts";
import { type RepositoryRef, routeOf } from "./repositories.ts";

/** The user may not manage the repository's webhooks. */
export class WebhookAccessDenied extends GitHubForbidden {}

/** The repository has as many webhooks as GitHub allows (20 for one event). */
export class WebhookLimitReached extends GitHubInvalid {}

/** GitHub does not deliver to this address, as one that is not reachable from the internet. */
export class WebhookUrlRefused extends GitHubInvalid {
  /** Of the address, with its port where it names one. */
  readonly host: string;

  constructor(host: string, details?: GitHubErrorDetails & { messages?: readonly string[] }) {
    super(
      `GitHub does not deliver to ${host}: set WEBHOOK_URL to an address that the internet reaches`,
      details,
    );
    this.host = host;
  }
}

export interface WebhookSettings {
  /** Where GitHub delivers to. */
  readonly url: string;
  /** What GitHub signs deliveries with. */
  readonly secret: string;
  /** Names of events; only `pull_request` unless told. */
  readonly events?: readonly string[];
}

const hookSchema = z.object({ id: z.int().positive(), config: z.object({ url: z.string().optional() }) });

/**
 * Sees to it that the repository delivers to the address, with this secret: a webhook that is there
 * already is repaired (events, secret, content type, TLS check, active), otherwise one is created.
 *
 * @returns GitHub's id of the webhook
 * @throws WebhookAccessDenied, WebhookLimitReached, WebhookUrlRefused
 */
export async function installWebhook(
  client: GitHubClient,
  repo: RepositoryRef,
  settings: WebhookSettings,
): Promise<number> {
  try {
    return (await repairWebhook(client, repo, settings)) ?? (await createWebhook(client, repo, settings));
  } catch (error) {
    throw explain(error, repo, settings);
  }
}

/** Removes a webhook; one that is gone already, or whose repository is, is fine. */
export async function uninstallWebhook(
  client: GitHubClient,
  repo: RepositoryRef,
  hookId: number,
): Promise<void> {
  try {
    await client.send("DELETE /repos/{owner}/{repo}/hooks/{hook_id}", { ...routeOf(repo), hook_id: hookId });
  } catch (error) {
    if (!(error instanceof GitHubNotFound)) throw error;
  }
}

/** The id of the webhook at this address, brought up to date; undefined where there is none. */
async function repairWebhook(
  client: GitHubClient,
  repo: RepositoryRef,
  settings: WebhookSettings,
): Promise<number | undefined> {
  const hooks = await fetchAll(client, hookSchema, "GET /repos/{owner}/{repo}/hooks", routeOf(repo), {
    fresh: true,
  });
  const hook = hooks.find(({ config }) => config.url !== undefined && isSameUrl(config.url, settings.url));
  if (hook === undefined) return undefined;
  const route = "PATCH /repos/{owner}/{repo}/hooks/{hook_id}";
  const parameters = { ...routeOf(repo), hook_id: hook.id, ...wireSettings(settings) };
  await client.send(route, parameters, { secrets: [settings.secret] });
  return hook.id;
}

/** The id of a new webhook. After a doubtful answer, or when another call was faster, the one that is there. */
async function createWebhook(
  client: GitHubClient,
  repo: RepositoryRef,
  settings: WebhookSettings,
): Promise<number> {
  const route = "POST /repos/{owner}/{repo}/hooks";
  const parameters = { ...routeOf(repo), name: "web", ...wireSettings(settings) };
  const create = () => fetchOne(client, hookSchema, route, parameters, { secrets: [settings.secret] });
  try {
    return (await create()).id;
  } catch (error) {
    const exists = error instanceof GitHubInvalid && /already exists/i.test(error.message);
    if (!exists && !isDoubtful(error)) throw error;
    const found = await repairWebhook(client, repo, settings).catch((cause: unknown) => {
      // A failed look leaves in doubt what was in doubt before.
      throw exists ? cause : error;
    });
    if (found !== undefined) return found;
    if (exists) throw error;
    return (await create()).id;
  }
}

function wireSettings({ url, secret, events = ["pull_request"] }: WebhookSettings) {
  return {
    active: true,
    events: [...events],
    config: { url, secret, content_type: "json", insecure_ssl: "0" },
  };
}

function isSameUrl(a: string, b: string): boolean {
  return a === b || (URL.canParse(a) && URL.canParse(b) && new URL(a).href === new URL(b).href);
}

function explain(error: unknown, { owner, name }: RepositoryRef, { url }: WebhookSettings): unknown {
  if (error instanceof GitHubNotFound || error instanceof GitHubForbidden) {
    return new WebhookAccessDenied(
      `No right to manage the webhooks of ${owner}/${name}: it takes an admin of the repository, signed in with the scope admin:repo_hook`,
      { status: error.status, requestId: error.requestId, cause: error },
    );
  }
  if (!(error instanceof GitHubInvalid)) return error;
  const details = {
    status: error.status,
    requestId: error.requestId,
    messages: error.messages,
    cause: error,
  };
  if (/20 hooks|hooks? limit|maximum/i.test(error.message)) {
    return new WebhookLimitReached(
      `${owner}/${name} has as many webhooks as GitHub allows: remove one under Settings > Webhooks`,
      details,
    );
  }
  if (/reachable|localhost|url is (not supported|missing|invalid)/i.test(error.message)) {
    return new WebhookUrlRefused(new URL(url).host, details);
  }
  return error;
}
