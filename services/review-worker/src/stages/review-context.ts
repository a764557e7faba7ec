import type { RepositoryClient } from "@nectr/accounts";
import type { PullRequest, RepositoryRef } from "@nectr/github";
import type { Claim } from "../claim.ts";
import type { RepositoryKey } from "../pull-request-store.ts";

/** One review under way: of which head, for which event, as whom, and by what right. */
export interface ReviewContext {
  readonly eventId: string;
  readonly repository: RepositoryKey;
  readonly ref: RepositoryRef;
  readonly pull: PullRequest;
  /** Its client ends every request as soon as the claim is lost. */
  readonly account: RepositoryClient;
  readonly claim: Claim;
}
