import { z } from "zod";

/** What an application asks for, in the query of the page and in the form that the page sends. */
export const authorizeRequest = z.object({
  client_id: z.string(),
  redirect_uri: z.url({ protocol: /^https?$/ }),
  scope: z.string().default(""),
  state: z.string().optional(),
  login: z.string().optional(),
  prompt: z.string().optional(),
  code_challenge: z.string().optional(),
  code_challenge_method: z.string().optional(),
});
export type AuthorizeRequest = z.infer<typeof authorizeRequest>;

/** False where the request has a challenge of another kind than S256; without one, PKCE is not used at all. */
export function supportsChallenge(asked: AuthorizeRequest): boolean {
  return asked.code_challenge === undefined || asked.code_challenge_method === "S256";
}

/** The scopes asked for, which spaces or commas may part. */
export function scopesOf(asked: AuthorizeRequest): string[] {
  return asked.scope.split(/[\s,]+/).filter((scope) => scope !== "");
}
