import { anyOf, type Db } from "@nectr/db";

/** How far a repository is with what GitHub could not deliver. */
export interface DeliveryState {
  /** When its deliveries were last looked through and none was missing; null: not yet. */
  readonly completeAt: Date | null;
  /** Deliveries of the last 30 days that failed, and came when GitHub was asked for them again. */
  readonly recovered: number;
  /** Those that were asked for again and are not here. */
  readonly missing: number;
}

/** Of each of these repositories that has a webhook. */
export async function deliveryStates(
  db: Db,
  repositoryIds: readonly number[],
): Promise<ReadonlyMap<number, DeliveryState>> {
  const rows = await db
    .selectFrom("repositories")
    .leftJoin("redeliveries", "redeliveries.repository_id", "repositories.id")
    .select((e) => [
      "repositories.id",
      "repositories.reconciled_at as completeAt",
      e.fn.count<number>("redeliveries.arrived_at").as("recovered"),
      e.fn
        .count<number>("redeliveries.delivery_guid")
        .filterWhere("redeliveries.arrived_at", "is", null)
        .as("missing"),
    ])
    .where("repositories.id", "=", anyOf(repositoryIds))
    .where("repositories.hook_id", "is not", null)
    .groupBy("repositories.id")
    .execute();
  return new Map(rows.map(({ id, ...state }) => [id, state]));
}
