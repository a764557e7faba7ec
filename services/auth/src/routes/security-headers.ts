import type { RequestHandler } from "express";
import helmet from "helmet";
import type { AuthConfig } from "../config.ts";

/** Headers that let our pages load nothing but our own files, be framed by nobody and tell nobody where they are. */
export function securityHeaders({ backendUrl, frontendUrl, github }: AuthConfig): RequestHandler {
  const https = new URL(backendUrl).protocol === "https:";
  const self = "'self'";
  const none = "'none'";
  return helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: [self],
        // The icons of the API's page are in its style sheet.
        imgSrc: [self, "data:"],
        objectSrc: [none],
        baseUri: [none],
        frameAncestors: [none],
        // Browsers apply this to where a form's answer redirects to as well: GitHub, and from there back.
        formAction: [self, new URL(github.githubUrl).origin, new URL(frontendUrl).origin],
      },
    },
    // `no-referrer` would make browsers send `Origin: null` with our own forms.
    referrerPolicy: { policy: "same-origin" },
    xFrameOptions: { action: "deny" },
    strictTransportSecurity: https && { maxAge: 31_536_000, includeSubDomains: false },
  });
}
