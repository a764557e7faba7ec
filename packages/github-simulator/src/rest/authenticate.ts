import type { IncomingHttpHeaders } from "node:http";
import { liveToken } from "../actions/accounts.ts";
import { GitHubProblem } from "../problem.ts";
import { userById } from "../state/lookups.ts";
import type { World } from "../world.ts";
import type { Viewer } from "./call.ts";

/** Whose token a request carries: `token X`, `Bearer X`, or the password of basic authentication. */
export function viewerOf(world: World, headers: IncomingHttpHeaders): Viewer | undefined {
  const secret = secretOf(headers.authorization ?? "");
  const token = secret === undefined ? undefined : liveToken(world, secret);
  return token && { token, user: userById(world.store.state, token.userId) };
}

/** As `viewerOf`, but a token that is not good is refused. */
export function authenticate(world: World, headers: IncomingHttpHeaders): Viewer | undefined {
  const viewer = viewerOf(world, headers);
  if (headers.authorization !== undefined && !viewer) throw new GitHubProblem(401, "Bad credentials");
  return viewer;
}

function secretOf(authorization: string): string | undefined {
  const bearer = /^(?:token|bearer) +(\S+)$/i.exec(authorization)?.[1];
  if (bearer !== undefined) return bearer;
  const basic = /^basic +(\S+)$/i.exec(authorization)?.[1];
  if (basic === undefined) return undefined;
  const [user = "", password = ""] = Buffer.from(basic, "base64").toString("utf8").split(":");
  // git sends the token as the password, or alone as the user.
  return password === "" || password === "x-oauth-basic" ? user : password;
}
