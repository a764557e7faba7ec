import { setTimeout as delay } from "node:timers/promises";
import { z } from "zod";
import type { Progress } from "./progress.ts";
import { signIn } from "./sign-in.ts";

export interface DemoAddresses {
  readonly authUrl: string;
  readonly simulatorUrl: string;
}

/** What the simulator tells of its demo repository. */
const demoSchema = z.object({
  repository: z.string(),
  pullRequests: z.array(
    z.object({ head: z.string(), base: z.string(), title: z.string(), body: z.string(), author: z.string() }),
  ),
  tokens: z.record(z.string(), z.string()),
});

type Demo = z.infer<typeof demoSchema>;

/** How long the first review may take before we stop waiting for it; it goes on all the same. */
const reviewLimitMs = 60_000;

/**
 * Does what a person would do: signs in as octocat, connects the demo repository, and, as a colleague, opens its
 * pull requests. All of it goes over HTTP, through the real webhook. What is there already is left alone.
 */
export async function runDemo(
  addresses: DemoAddresses,
  { progress, stopping }: { progress: Progress; stopping: () => boolean },
): Promise<void> {
  const demo = await fetchJson(`${addresses.simulatorUrl}/_simulator/demo`, demoSchema);
  await progress.step(
    "connect",
    () => connectRepository(addresses, demo),
    () => `${demo.repository}, as octocat`,
  );
  const opened = await progress.step(
    "pull requests",
    () => openPullRequests(addresses, demo),
    (count) => (count === 0 ? "open already" : `${count} opened`),
  );
  if (opened === 0) return;
  await progress.step(
    "first review",
    () => untilReviewed(addresses, demo, stopping),
    (url) => url ?? "still under way",
  );
  progress.note("                 the others follow within half a minute");
}

async function connectRepository({ authUrl }: DemoAddresses, demo: Demo): Promise<void> {
  const session = await signIn(authUrl, "octocat");
  const answer = await session.request("POST", `/api/v1/repos/${demo.repository}/install`, {});
  if (!answer.ok) throw new Error(`Connecting ${demo.repository} failed: ${await answer.text()}`);
}

/** @returns how many were opened now. */
async function openPullRequests({ simulatorUrl }: DemoAddresses, demo: Demo): Promise<number> {
  const pulls = `${simulatorUrl}/repos/${demo.repository}/pulls`;
  const existing = await fetchJson(
    `${pulls}?state=all&per_page=100`,
    z.array(z.object({ head: z.object({ ref: z.string() }) })),
    demo.tokens["octocat"],
  );
  const heads = new Set(existing.map(({ head }) => head.ref));
  const missing = demo.pullRequests.filter(({ head }) => !heads.has(head));
  for (const { author, ...pull } of missing) {
    const response = await fetch(pulls, {
      method: "POST",
      headers: { authorization: `token ${demo.tokens[author]}`, "content-type": "application/json" },
      body: JSON.stringify(pull),
    });
    if (!response.ok) throw new Error(`Opening ${pull.head} failed: ${await response.text()}`);
  }
  return missing.length;
}

/** @returns where the first review is to be seen; undefined where it takes longer than we wait, or want to. */
async function untilReviewed(
  { simulatorUrl }: DemoAddresses,
  demo: Demo,
  stopping: () => boolean,
): Promise<string | undefined> {
  const deadline = Date.now() + reviewLimitMs;
  while (Date.now() < deadline && !stopping()) {
    const reviews = await fetchJson(
      `${simulatorUrl}/repos/${demo.repository}/pulls/1/reviews`,
      z.array(z.object({ html_url: z.string() })),
      demo.tokens["octocat"],
    );
    if (reviews[0] !== undefined) return reviews[0].html_url;
    await delay(200);
  }
  return undefined;
}

async function fetchJson<T>(url: string, schema: z.ZodType<T>, token?: string): Promise<T> {
  const response = await fetch(
    url,
    token === undefined ? {} : { headers: { authorization: `token ${token}` } },
  );
  if (!response.ok) throw new Error(`${url} answered ${response.status}: ${await response.text()}`);
  return schema.parse(await response.json());
}
