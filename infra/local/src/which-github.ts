import type { LocalConfig } from "./config.ts";

/** The GitHub that is worked with, and by what right. */
export type GitHub =
  /** A team signs in by the OAuth app. */
  | { readonly kind: "app" }
  /** One person, whose token does everything. */
  | { readonly kind: "personal"; readonly token: string; readonly source: TokenSource }
  | { readonly kind: "simulated"; readonly asked: boolean };

export type TokenSource = "GITHUB_PAT" | "gh's token";

/**
 * Decides by what is configured, and asks `gh` only where nothing is.
 * @param askGh gives the token with which gh is signed in to a host.
 */
export async function chooseGitHub(
  { demo, GITHUB_CLIENT_ID, GITHUB_PAT, GITHUB_URL }: GitHubConfig,
  askGh: (host: string) => Promise<string | undefined>,
): Promise<GitHub> {
  if (demo) return { kind: "simulated", asked: true };
  if (GITHUB_CLIENT_ID !== undefined) return { kind: "app" };
  if (GITHUB_PAT !== undefined) return { kind: "personal", token: GITHUB_PAT, source: "GITHUB_PAT" };
  const token = await askGh(new URL(GITHUB_URL).hostname);
  if (token !== undefined) return { kind: "personal", token, source: "gh's token" };
  return { kind: "simulated", asked: false };
}

type GitHubConfig = Pick<LocalConfig, "demo" | "GITHUB_CLIENT_ID" | "GITHUB_PAT" | "GITHUB_URL">;

/** Which GitHub it is and why, in one line. */
export function describeGitHub(github: GitHub, { GITHUB_URL }: Pick<LocalConfig, "GITHUB_URL">): string {
  const { host } = new URL(GITHUB_URL);
  switch (github.kind) {
    case "app":
      return `${host}, by the OAuth app in GITHUB_CLIENT_ID`;
    case "personal":
      return `${host}, as the owner of ${github.source}; npm run demo shows the simulated one`;
    case "simulated":
      return github.asked
        ? "simulated, as --demo asks"
        : "simulated: no GITHUB_CLIENT_ID, no GITHUB_PAT, and gh is not signed in";
  }
}
