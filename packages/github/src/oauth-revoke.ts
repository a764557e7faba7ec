import { createUnsignedClient } from "./client.ts";
import { GitHubInvalid, GitHubNotFound } from "./errors.ts";
import type { OAuthApp } from "./oauth.ts";

/**
 * Takes back all of the user's tokens for the app, so that the next sign-in asks for consent again. A grant that is
 * gone already is fine. @param o.token any of the user's tokens for the app
 */
export async function revokeGrant(o: OAuthApp & { apiUrl: string; token: string }): Promise<void> {
  const { apiUrl, clientId, clientSecret, token } = o;
  const basic = Buffer.from(`${clientId}:${clientSecret}`).toString("base64");
  const secrets = [token, clientSecret, basic];
  // One limiter for all who sign out would make them queue; each of them writes but once.
  const client = createUnsignedClient({ apiUrl, userId: `oauth-app-${clientId}`, secrets, pace: "none" });
  try {
    const parameters = { client_id: clientId, access_token: token };
    const route = "DELETE /applications/{client_id}/grant";
    await client.send(route, parameters, { authorization: `basic ${basic}` });
  } catch (error) {
    const gone = error instanceof GitHubNotFound || (error instanceof GitHubInvalid && error.status === 422);
    if (!gone) throw error;
  }
}
