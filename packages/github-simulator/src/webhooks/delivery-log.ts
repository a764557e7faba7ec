import { mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type DeliveryRecord, deliveryRecord } from "../state/model.ts";

/** Deliveries, newest first, each in a file of its own because its payload is large. */
export interface DeliveryLog {
  add(delivery: DeliveryRecord): void;
  /** Writes a delivery again after its answer came. */
  update(delivery: DeliveryRecord): void;
  ofHook(hookId: number): readonly DeliveryRecord[];
}

/** GitHub keeps three days; this keeps the newest ones. */
const kept = 2000;

/** Reads the deliveries of earlier runs from `dir`. One that was under way then counts as failed. */
export function openDeliveryLog(dir: string): DeliveryLog {
  mkdirSync(dir, { recursive: true });
  const deliveries = readAll(dir);
  const fileOf = (delivery: DeliveryRecord) => join(dir, `${delivery.id}.json`);
  const write = (delivery: DeliveryRecord) => {
    const next = `${fileOf(delivery)}.next`;
    writeFileSync(next, JSON.stringify(delivery));
    renameSync(next, fileOf(delivery));
  };
  return {
    add(delivery) {
      deliveries.unshift(delivery);
      write(delivery);
      for (const old of deliveries.splice(kept)) rmSync(fileOf(old), { force: true });
    },
    update: write,
    ofHook: (hookId) => deliveries.filter((delivery) => delivery.hookId === hookId),
  };
}

function readAll(dir: string): DeliveryRecord[] {
  return readdirSync(dir)
    .filter((file) => file.endsWith(".json"))
    .map((file) => deliveryRecord.parse(JSON.parse(readFileSync(join(dir, file), "utf8"))))
    .map((delivery) => ({
      ...delivery,
      answer: delivery.answer ?? noAnswer("failed to connect to host", 502),
    }))
    .sort((a, b) => b.id - a.id);
}

/** How GitHub records a delivery that got no HTTP answer. */
export function noAnswer(status: string, code: number): NonNullable<DeliveryRecord["answer"]> {
  return { seconds: 0, status, code, headers: {}, body: "" };
}
