import type { CookieOptions, Request } from "express";
import type { AuthConfig } from "../config.ts";
import { isSameSite } from "../same-site.ts";
import { stateMinutes } from "../sign-in.ts";

/** A cookie's name and how it is set; without its `maxAge` it is how it is cleared. */
export interface Cookie {
  readonly name: string;
  readonly options: CookieOptions & { readonly maxAge: number };
}

/**
 * Holds the session's token. Where the frontend is another site, only SameSite=None goes along with its requests,
 * and then only the check of their origin keeps other sites out.
 */
export function sessionCookie({ production, backendUrl, frontendUrl, sessionMinutes }: AuthConfig): Cookie {
  const secure = production || isHttps(backendUrl);
  const sameSite = secure && !isSameSite(backendUrl, frontendUrl) ? "none" : "lax";
  return {
    name: prefixed("nectr_session", backendUrl),
    options: { httpOnly: true, path: "/", secure, sameSite, maxAge: sessionMinutes * 60_000 },
  };
}

/** Ties an authorization to the browser that began it. Lax: it has to come along when GitHub sends the person back. */
export function stateCookie({ backendUrl }: AuthConfig): Cookie {
  return {
    name: prefixed("nectr_state", backendUrl),
    options: {
      httpOnly: true,
      path: "/",
      secure: isHttps(backendUrl),
      sameSite: "lax",
      maxAge: stateMinutes * 60_000,
    },
  };
}

/** A cookie's text, undefined where it is not there. */
export function readCookie(request: Request, { name }: Cookie): string | undefined {
  const value: unknown = request.cookies[name];
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** What clears a cookie: all of its attributes but the age. */
export function clearing({ options: { maxAge: _, ...options } }: Cookie): CookieOptions {
  return options;
}

/** `__Host-` keeps subdomains from setting it; browsers take it on https alone (RFC 6265bis, section 4.1.3.2). */
function prefixed(name: string, backendUrl: string): string {
  return isHttps(backendUrl) ? `__Host-${name}` : name;
}

function isHttps(url: string): boolean {
  return new URL(url).protocol === "https:";
}
