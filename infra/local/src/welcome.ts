import type { LocalConfig } from "./config.ts";
import type { Progress } from "./progress.ts";
import type { Addresses } from "./service-environment.ts";

/** The last thing that `npm start` prints: what to open, and what could be configured. */
export function describeHouse(config: LocalConfig, addresses: Addresses, progress: Progress): void {
  progress.heading("Nectr runs. Ctrl-C stops it.");
  progress.note(`Nectr             ${addresses.backend}`);
  progress.note(`Webhooks          ${addresses.webhooks}/api/v1/webhooks/github`);
  if (addresses.simulator !== undefined) {
    progress.note(`Simulated GitHub  ${addresses.simulator}/octocat/shop/pulls`);
    progress.note("                  (set GITHUB_CLIENT_ID and GITHUB_CLIENT_SECRET for the real one)");
  } else {
    progress.note(`OAuth callback    ${addresses.backend}/auth/github/callback (must be the OAuth app's)`);
    if (config.WEBHOOK_URL === undefined && config.BACKEND_URL === undefined) {
      progress.note(
        "                  GitHub can't reach this machine: set WEBHOOK_URL to a public address of it",
      );
    }
  }
  progress.note(`Reviews by        ${describeReviewer(config)}`);
  progress.note(`Data and logs     ${config.dataDir}`);
}

function describeReviewer(config: LocalConfig): string {
  if (config.ANTHROPIC_API_KEY !== undefined) {
    return `${config.ANTHROPIC_MODEL ?? "Anthropic's model"} and the analysers`;
  }
  if (config.OPENAI_MODEL !== undefined) return `${config.OPENAI_MODEL} and the analysers`;
  return "the built-in analysers (set ANTHROPIC_API_KEY, or OPENAI_BASE_URL and OPENAI_MODEL, for a model)";
}
