import { verifyWebhookSignature } from "@nectr/crypto";
import { parseWebhookEvent, type WebhookEvent, WebhookPayloadError } from "@nectr/github";
import { Problem } from "@nectr/service";
import { type Delivery, isObject, malformed, parsePayload, payloadJson } from "./delivery.ts";
import type { RepositorySecrets, SecretStore } from "./webhook-secret-store.ts";

export interface VerifyDeps {
  readonly secrets: SecretStore;
  /** Serves deliveries that name no hook of ours; absent: those are refused. */
  readonly globalSecret: string | undefined;
}

/** An event whose signature holds. */
export interface VerifiedEvent {
  readonly name: string;
  readonly event: WebhookEvent;
}

/**
 * Checks a delivery's signature with the secret that it must have been signed with, and reads the event.
 * @throws Problem 401 where no secret fits, 403 where the secret is another repository's, 400 for what is malformed.
 */
export async function verifyDelivery(deps: VerifyDeps, delivery: Delivery): Promise<VerifiedEvent> {
  const signer = await findSigner(deps, delivery);
  if (signer === undefined) {
    throw signatureRefused();
  }
  const payload = parsePayload(payloadJson(delivery));
  refuseForeignRepository(signer, payload);
  await confirmSecret(deps, signer, delivery);
  if (delivery.name === undefined) throw malformed("The header X-GitHub-Event is missing.");
  // No signature covers the headers, and both are stored.
  if (delivery.name.length > nameLimit || delivery.guid.length > nameLimit) {
    throw malformed("The delivery's headers are longer than GitHub's.");
  }
  try {
    return { name: delivery.name, event: parseWebhookEvent(delivery.name, payload) };
  } catch (error) {
    if (error instanceof WebhookPayloadError) throw malformed(error.message, error);
    throw error;
  }
}

/** GitHub's longest are half of it. */
const nameLimit = 100;

export function signatureRefused(): Problem {
  return new Problem({
    status: 401,
    code: "signature_refused",
    detail: "The delivery is not signed with the secret of a connected repository.",
  });
}

/** Whose secret the signature was made with. */
type Signer = RepositorySecrets | "everyone";

/** A rotation that was cut off before GitHub's answer is through once a delivery comes with the new secret. */
async function confirmSecret(
  { secrets }: VerifyDeps,
  signer: Signer,
  { body, signature }: Delivery,
): Promise<void> {
  if (signer === "everyone" || signer.unconfirmed === undefined) return;
  if (!verifyWebhookSignature(signer.secrets.slice(0, 1), body, signature)) return;
  await secrets.confirm(signer.repositoryId, signer.unconfirmed);
}

/** Larger bodies are not parsed for a name before their signature holds; GitHub names its hook in all of them. */
const unverifiedLimit = 1024 * 1024;

/**
 * A hook's id names the secret, and then nothing of the body is read before its signature holds. A call without one
 * (made by hand), or with one not known yet (the ping of a hook that is being installed), is looked up by the name
 * in its body, which is used for nothing else.
 */
async function findSigner(deps: VerifyDeps, delivery: Delivery): Promise<Signer | undefined> {
  if (delivery.signature === undefined) return undefined;
  const known = delivery.hookId === undefined ? undefined : await deps.secrets.byHook(delivery.hookId);
  if (known !== undefined && signs(known, delivery)) return known;
  if (delivery.hookId !== undefined && known !== undefined) {
    const now = await deps.secrets.byHookNow(delivery.hookId);
    if (now !== undefined) return signs(now, delivery) ? now : undefined;
  }

  const claimed = delivery.body.length <= unverifiedLimit ? claimedName(delivery) : undefined;
  const named = claimed === undefined ? [] : await deps.secrets.byName(claimed);
  const signer = named.find((secrets) => signs(secrets, delivery));
  if (signer !== undefined) return signer;
  const everyone = deps.globalSecret === undefined ? [] : [deps.globalSecret];
  return verifyWebhookSignature(everyone, delivery.body, delivery.signature) ? "everyone" : undefined;
}

function signs({ secrets }: RepositorySecrets, { body, signature }: Delivery): boolean {
  return verifyWebhookSignature(secrets, body, signature);
}

/** The repository that an unverified body speaks of; undefined where it can't be read, which is no error yet. */
function claimedName(delivery: Delivery): string | undefined {
  try {
    const { repository } = parsePayload(payloadJson(delivery));
    return isObject(repository) && typeof repository["full_name"] === "string"
      ? repository["full_name"]
      : undefined;
  } catch (error) {
    if (error instanceof Problem) return undefined;
    throw error;
  }
}

function refuseForeignRepository(signer: Signer, { repository }: Record<string, unknown>): void {
  if (signer === "everyone" || repository === undefined) return;
  if (isObject(repository) && repository["id"] === signer.repositoryId) return;
  throw new Problem({
    status: 403,
    code: "foreign_repository",
    detail: "The delivery is signed with the secret of another repository than it speaks of.",
  });
}
