import { expect } from "vitest";
import { paidTwice } from "../src/aftermath.ts";
import { listDeliveries } from "../src/sender.ts";
import type { WholeSystem } from "../src/whole-system.ts";
import type { Project } from "./team.ts";

/** What is true of a system in which all has come to its end, whatever went wrong on the way. */
export async function expectInvariants(nectr: WholeSystem, projects: readonly Project[]): Promise<void> {
  for (const project of projects) {
    await expectAcknowledgedAtEnd(nectr, project);
    await expectReviewedOnce(nectr, project);
  }
  expect(await paidTwice(nectr.db)).toEqual([]);
  expect(nectr.simulator.violations()).toEqual([]);
}

const ends: readonly string[] = ["completed", "superseded", "duplicate", "ignored"];

async function expectAcknowledgedAtEnd({ db, simulator }: WholeSystem, project: Project): Promise<void> {
  const { hook_id: hookId } = await db
    .selectFrom("repositories")
    .select("hook_id")
    .where("id", "=", project.id)
    .executeTakeFirstOrThrow();
  const rows = await db
    .selectFrom("webhook_events")
    .select(["delivery_guid as guid", "event", "action", "number", "status", "error"])
    .where("hook_id", "=", hookId)
    .execute();
  expect(rows.filter(({ status }) => !ends.includes(status))).toEqual([]);
  const guids = new Set(rows.map(({ guid }) => guid));
  const delivered = await listDeliveries({ ...project, githubUrl: simulator.url, hookId: hookId ?? 0 });
  expect(delivered.filter(({ status, guid }) => status === "OK" && !guids.has(guid))).toEqual([]);
}

async function expectReviewedOnce({ db, simulator }: WholeSystem, project: Project): Promise<void> {
  const { id, fullName, pulls } = project;
  const reviews = await db
    .selectFrom("reviews")
    .select(["number", "head_sha as headSha", "status"])
    .where("repository_id", "=", id)
    .execute();
  for (const { number, state, headSha } of pulls) {
    const ofPull = reviews.filter((review) => review.number === number);
    const done = ofPull.filter(({ status }) => status === "posted");
    const pull = `${fullName}#${number}`;
    if (state === "open")
      expect({ pull, reviewed: done.map((review) => review.headSha) }).toMatchObject({
        reviewed: expect.arrayContaining([headSha]),
      });
    const summaries = simulator.comments(fullName, number).length;
    expect({ pull, summaries }).toEqual({ pull, summaries: done.length > 0 ? 1 : Math.min(summaries, 1) });
    // A head counts again where its review was broken off by a closing: then there is a row for each time.
    const left = ofPull.map((review) => review.headSha);
    const unaccounted = simulator.reviews(fullName, number).filter(({ commitId }) => {
      const place = left.indexOf(commitId);
      if (place !== -1) left.splice(place, 1);
      return place === -1;
    });
    expect({ pull, unaccounted }).toEqual({ pull, unaccounted: [] });
  }
}
