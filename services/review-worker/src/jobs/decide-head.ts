import type { PullRequest } from "@nectr/github";

/** What to do about an event, now that the pull request is known as it stands. */
export type HeadDecision =
  | { readonly kind: "review" }
  | { readonly kind: "superseded"; readonly reason: string }
  | { readonly kind: "look-again" };

/**
 * Webhooks arrive in any order, and GitHub's API may lag behind them. So an event whose head is not the pull
 * request's is superseded only where another event goes on with that head; else it is worth another look, and after
 * that the head that GitHub names is reviewed, whatever became of its own event.
 * @param successor whether there is such an event.
 * @param lastLook whether we looked often enough.
 */
export function decideHead(
  pull: Pick<PullRequest, "state" | "head">,
  eventHead: string | null,
  { successor, lastLook }: { successor: boolean; lastLook: boolean },
): HeadDecision {
  if (pull.state === "closed") return superseded("the pull request is closed");
  if (pull.head.sha === eventHead) return { kind: "review" };
  if (successor) return superseded(newerHead(pull));
  return lastLook ? { kind: "review" } : { kind: "look-again" };
}

export function newerHead({ head }: Pick<PullRequest, "head">): string {
  return `a newer head is there: ${head.sha.slice(0, 7)}`;
}

function superseded(reason: string): HeadDecision {
  return { kind: "superseded", reason };
}
