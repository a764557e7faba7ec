import { expect, test } from "vitest";
import { confirmingWrites, upsertSummaryComment } from "../src/index.ts";
import { createConversation, viewer } from "./conversation.ts";

const shop = { owner: "octocat", name: "shop" };
const summary = { marker: "<!-- m -->", viewerId: viewer.id, body: "Text <!-- m -->", doubtful: false };

test("a write that nobody stands by any more is not sent, and the reason reaches the caller as it is", async () => {
  await using conversation = await createConversation();
  const reason = new Error("somebody else has it");
  const client = confirmingWrites(conversation.github.client(), () => Promise.reject(reason));
  await expect(upsertSummaryComment(client, shop, 7, summary)).rejects.toBe(reason);
  expect(conversation.github.requests.map(({ method }) => method)).toEqual(["GET"]);
});

test("each write is confirmed, a second attempt too, and no read is", async () => {
  await using conversation = await createConversation();
  conversation.faults.push("lost");
  let confirmed = 0;
  const client = confirmingWrites(conversation.github.client(), async () => void (confirmed += 1));
  await upsertSummaryComment(client, shop, 7, summary);
  expect(confirmed).toBe(2);
  expect(conversation.writes()).toEqual(["POST comments", "POST comments"]);
});
