import { Problem } from "@nectr/service";

/** GitHub does not tell what is hidden from what does not exist, and neither do we. */
export function repositoryNotFound(cause?: unknown): Problem {
  const detail = "There is no such repository, or you have no access to it.";
  return new Problem({ status: 404, code: "repository_not_found", detail, cause });
}

/** GitHub refuses the address that it is to deliver to, or would. */
export function webhookUrlUnreachable(host: string, cause?: unknown): Problem {
  const detail = `GitHub cannot deliver to ${host}: set WEBHOOK_URL to an address that the internet reaches, such as a tunnel's.`;
  return new Problem({ status: 422, code: "webhook_url_unreachable", detail, cause });
}
