import { generateFernetKey } from "@nectr/crypto";
import type { Session } from "@nectr/local";
import { startScriptedModel } from "@nectr/model/testing";
import { connect } from "./api.ts";
import { type ProxiedSystem, startProxiedSystem } from "./proxied-system.ts";
import { type Hook, hookOf } from "./sender.ts";
import { createShop, type Shop } from "./shop.ts";
import type { WholeSystemOptions } from "./whole-system.ts";

/** The services behind proxies with a model that can be made to wait, and a repository that is connected. */
export interface ReviewingSystem extends ProxiedSystem {
  readonly shop: Shop;
  readonly hook: Hook;
  /** Of the person who connected it. */
  readonly session: Session;
  /** From now on the model answers nobody before it is let go. */
  holdModel(): HeldModel;
}

interface HeldModel {
  /** Resolves when the model is asked: a worker is in the middle of a review. */
  readonly asked: Promise<void>;
  release(): void;
}

export async function startReviewingSystem(
  options: Omit<WholeSystemOptions, "by"> = {},
): Promise<ReviewingSystem> {
  await using cleanup = new AsyncDisposableStack();
  let onAsked: () => void | Promise<void> = () => {};
  const model = cleanup.use(
    await startScriptedModel(async () => {
      await onAsked();
      return { summary: "Adds a search for orders.", findings: [] };
    }),
  );
  const secretKey = generateFernetKey();
  const system = cleanup.use(
    await startProxiedSystem({
      ...options,
      environment: {
        SECRET_KEY: secretKey,
        OPENAI_BASE_URL: model.baseUrl,
        OPENAI_MODEL: "scripted",
        ...options.environment,
      },
    }),
  );
  const { nectr } = system;
  const shop = await createShop(nectr.simulator);
  const session = await nectr.signIn("octocat");
  await connect(session, shop);
  const hook = await hookOf(nectr.db, secretKey, shop);
  const resources = cleanup.move();
  return {
    ...system,
    shop,
    hook,
    session,
    holdModel() {
      const asked = Promise.withResolvers<void>();
      const released = Promise.withResolvers<void>();
      onAsked = () => {
        asked.resolve();
        return released.promise;
      };
      return {
        asked: asked.promise,
        release() {
          onAsked = () => {};
          released.resolve();
        },
      };
    },
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  };
}
