import { execFile } from "node:child_process";

/** A keyring that waits for its password must not hold up the start for long. */
const limitMs = 5_000;

/**
 * The token with which GitHub's own command, `gh`, is signed in; undefined where it is not installed, is not signed
 * in there or does not answer in time. It comes by a pipe and goes nowhere else: what `gh` says besides is not shown.
 *
 * @param host named even where it is github.com: without it, gh may give the token of another server
 * (https://cli.github.com/manual/gh_auth_token).
 */
export async function askGhForToken(
  host: string,
  { environment, timeoutMs = limitMs }: { environment: NodeJS.ProcessEnv; timeoutMs?: number },
): Promise<string | undefined> {
  return await new Promise((resolve) => {
    const options = {
      env: environment,
      timeout: timeoutMs,
      killSignal: "SIGKILL",
      windowsHide: true,
    } as const;
    const gh = execFile("gh", ["auth", "token", "--hostname", host], options, (error, output) => {
      const token = output.trim();
      resolve(error === null && /^\S+$/.test(token) ? token : undefined);
    });
    gh.stdin?.end();
  });
}
