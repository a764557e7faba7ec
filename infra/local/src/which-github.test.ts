import { describe, expect, test } from "vitest";
import { chooseGitHub, describeGitHub } from "./which-github.ts";

const nothing = {
  demo: false,
  GITHUB_CLIENT_ID: undefined,
  GITHUB_PAT: undefined,
  GITHUB_URL: "https://github.com",
};
const signedIn = async () => "gho_of-gh";
const signedOut = async () => undefined;
const notAsked = async () => expect.unreachable("gh was asked");

describe("the GitHub that is worked with", () => {
  test("is the team's by an OAuth app, whatever tokens there are", async () => {
    const config = { ...nothing, GITHUB_CLIENT_ID: "Iv1", GITHUB_PAT: "ghp_own" };
    const github = await chooseGitHub(config, notAsked);
    expect(github).toEqual({ kind: "app" });
    expect(describeGitHub(github, config)).toBe("github.com, by the OAuth app in GITHUB_CLIENT_ID");
  });

  test("is one person's by GITHUB_PAT, before gh is asked", async () => {
    const config = { ...nothing, GITHUB_PAT: "ghp_own" };
    const github = await chooseGitHub(config, notAsked);
    expect(github).toEqual({ kind: "personal", token: "ghp_own", source: "GITHUB_PAT" });
    expect(describeGitHub(github, config)).toBe(
      "github.com, as the owner of GITHUB_PAT; npm run demo shows the simulated one",
    );
  });

  test("is one person's by the token that gh has for that server", async () => {
    const config = { ...nothing, GITHUB_URL: "https://github.example.com:8443" };
    const github = await chooseGitHub(config, async (host) => `token of ${host}`);
    expect(github).toEqual({
      kind: "personal",
      token: "token of github.example.com",
      source: "gh's token",
    });
    expect(describeGitHub(github, config)).toBe(
      "github.example.com:8443, as the owner of gh's token; npm run demo shows the simulated one",
    );
  });

  test("is simulated where there is nothing, and says what there is not", async () => {
    const github = await chooseGitHub(nothing, signedOut);
    expect(github).toEqual({ kind: "simulated", asked: false });
    expect(describeGitHub(github, nothing)).toBe(
      "simulated: no GITHUB_CLIENT_ID, no GITHUB_PAT, and gh is not signed in",
    );
  });

  test("is simulated where that is asked for, whatever there is", async () => {
    const config = { ...nothing, demo: true, GITHUB_CLIENT_ID: "Iv1", GITHUB_PAT: "ghp_own" };
    const github = await chooseGitHub(config, signedIn);
    expect(github).toEqual({ kind: "simulated", asked: true });
    expect(describeGitHub(github, config)).toBe("simulated, as --demo asks");
  });
});
