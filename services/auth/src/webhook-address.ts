import type { AuthConfig } from "./config.ts";
import { isPublic } from "./loopback.ts";
import { webhookUrlUnreachable } from "./problems.ts";

/**
 * Where GitHub is told to deliver to.
 *
 * @throws Problem webhook_url_unreachable where GitHub is on the internet and the address is not
 */
export function webhookAddress({ webhookUrl, github }: Pick<AuthConfig, "webhookUrl" | "github">): string {
  const { hostname } = new URL(webhookUrl);
  if (isOnInternet(github.apiUrl) && !isPublic(hostname)) throw webhookUrlUnreachable(hostname);
  return `${webhookUrl}/api/v1/webhooks/github`;
}

/** github.com, and GitHub Enterprise Cloud with data residency; an Enterprise server is in the team's own network. */
function isOnInternet(apiUrl: string): boolean {
  return /^api\.(github\.com|[\w-]+\.ghe\.com)$/i.test(new URL(apiUrl).hostname);
}
