import { setTimeout as delay } from "node:timers/promises";
import { type Answer, deliver, type Delivery, deliverUntilTaken } from "./sender.ts";

/** Deliveries, one after another, while something else goes on. */
export interface Load {
  readonly answers: readonly { readonly delivery: Delivery; readonly answer: Answer }[];
  /** Sends no more, and resolves when all that was sent is answered. */
  stop(): Promise<void>;
}

/**
 * Sends without a pause, and each delivery until it is answered 200.
 * @param senders each sends on as soon as it is answered.
 * @param next makes what is sent next; what it gives at once is sent at once.
 */
export function startFlood(url: string, senders: number, next: () => readonly Delivery[]): Load {
  return startLoad(senders, async (answers) => {
    const send = async (delivery: Delivery) => {
      answers.push({ delivery, answer: await deliverUntilTaken(url, delivery) });
    };
    await Promise.all(next().map(send));
  });
}

/** Sends ten a second or fewer, each once. An answer that does not come fails `stop`. */
export function startTrickle(url: string, next: () => Delivery): Load {
  return startLoad(1, async (answers) => {
    const delivery = next();
    answers.push({ delivery, answer: await deliver(url, delivery) });
    await delay(100);
  });
}

type Answers = { delivery: Delivery; answer: Answer }[];

function startLoad(senders: number, send: (answers: Answers) => Promise<void>): Load {
  const answers: Answers = [];
  let stopped = false;
  const work = Promise.all(
    Array.from({ length: senders }, async () => {
      while (!stopped) await send(answers);
    }),
  );
  // Told by `stop`.
  work.catch(() => {});
  return {
    answers,
    async stop() {
      stopped = true;
      await work;
    },
  };
}
