import { tokenStateOf } from "@nectr/accounts";
import { z } from "zod";
import type { AuthContext } from "../context.ts";
import { type Operation, type Route, route } from "./api/operation.ts";

const me = {
  id: "me",
  method: "get",
  path: "/auth/me",
  tag: "Sign-in",
  summary: "Who is signed in",
  session: true,
  answers: {
    200: {
      description: "The person, and whether GitHub takes their token",
      schema: z.object({
        user: z.object({
          id: z.int(),
          github_id: z.int(),
          login: z.string(),
          name: z.string().nullable(),
          email: z.string().nullable(),
          avatar_url: z.string().nullable(),
        }),
        github_url: z.string(),
        mode: z.enum(["team", "personal"]).meta({
          description: "`personal`: one person, by GITHUB_PAT; repositories are polled",
        }),
        token_state: z.enum(["active", "reconnect_needed"]).meta({
          description: "`reconnect_needed`: GitHub refuses the token. Reviews wait, none is lost",
        }),
        session_expires_at: z.date(),
      }),
    },
  },
} satisfies Operation;

export function meRoute(context: AuthContext): Route {
  const { github, personalToken } = context.config;
  return route(context, me, async ({ session: { user, expiresAt } }) => ({
    user: {
      id: user.id,
      github_id: user.github_id,
      login: user.login,
      name: user.name,
      email: user.email,
      avatar_url: user.avatar_url,
    },
    github_url: github.githubUrl,
    mode: personalToken === undefined ? ("team" as const) : ("personal" as const),
    token_state: tokenStateOf(context.accounts, user),
    session_expires_at: expiresAt,
  }));
}
