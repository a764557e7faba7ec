import { type ConfiguredModel, configuredModels, modelConfigOf } from "@nectr/model";
import type { LocalConfig } from "./config.ts";
import { linkHours, type PersonalHouse } from "./personal.ts";
import type { Progress } from "./progress.ts";
import type { Addresses } from "./service-environment.ts";

const indent = " ".repeat(18);

/**
 * The last thing that `npm start` prints: what to open, and what could be configured.
 * @param person undefined where a team, or the demo's octocat, signs in by OAuth.
 */
export function describeHouse(
  config: LocalConfig,
  addresses: Addresses,
  person: PersonalHouse | undefined,
  progress: Progress,
): void {
  progress.heading("Nectr runs. Ctrl-C stops it.");
  progress.note(`Nectr             ${addresses.backend}`);
  const [model] = configuredModels(modelConfigOf(config));
  const lines =
    person === undefined ? describeTeamHouse(config, addresses) : describePersonalHouse(config, person);
  for (const line of [...lines, `Reviews by        ${describeReviewer(model)}`]) progress.note(line);
  if (person !== undefined && model !== undefined) {
    progress.note(`${indent}(each review asks the model, at its provider's price)`);
  }
  progress.note(`Data and logs     ${config.dataDir}`);
}

function describePersonalHouse({ POLL_SECONDS }: LocalConfig, person: PersonalHouse): string[] {
  const { login, link, repositories } = person;
  return [
    `Sign in           ${link}`,
    `${indent}(once, within ${linkHours} hours; npm run link prints another)`,
    `Posts as          ${login}`,
    ...(repositories.length === 0
      ? [
          "Repositories      none yet: nothing is read or posted before you choose one,",
          `${indent}on the page or by NECTR_REPOSITORIES=owner/name`,
        ]
      : [
          `Repositories      ${repositories.join(", ")}`,
          `${indent}open pull requests are looked at every ${POLL_SECONDS === 60 ? "minute" : `${POLL_SECONDS} seconds`}`,
        ]),
  ];
}

function describeTeamHouse(config: LocalConfig, { backend, webhooks, simulator }: Addresses): string[] {
  const toWebhooks = `Webhooks          ${webhooks}/api/v1/webhooks/github`;
  if (simulator !== undefined) {
    return [
      toWebhooks,
      `Simulated GitHub  ${simulator}/octocat/shop/pulls`,
      `${indent}(for the real one: gh auth login, or GITHUB_PAT, or an OAuth app; see README.md)`,
    ];
  }
  const unreachable = config.WEBHOOK_URL === undefined && config.BACKEND_URL === undefined;
  return [
    toWebhooks,
    `OAuth callback    ${backend}/auth/github/callback (must be the OAuth app's)`,
    ...(unreachable
      ? [`${indent}GitHub can't reach this machine: set WEBHOOK_URL to a public address of it`]
      : []),
  ];
}

/** @param model the one that is asked first; undefined where none is configured */
function describeReviewer(model: Pick<ConfiguredModel, "name"> | undefined): string {
  return model === undefined
    ? "the built-in analysers (set ANTHROPIC_API_KEY, or OPENAI_BASE_URL and OPENAI_MODEL, for a model)"
    : `${model.name} and the analysers`;
}
