import { expect, test } from "vitest";
import { postReviewOnce, upsertSummaryComment } from "../src/index.ts";
import { createConversation, type Conversation, viewer } from "./conversation.ts";

const shop = { owner: "octocat", name: "shop" };
const markerStart = "<!-- nectr:review 9/7/";
const marker = `${markerStart}abc/0 -->`;
const record = { id: 1, user: viewer, body: marker, html_url: "https://github.example/1" };

/** A client for which GitHub ends within the settle pause what an earlier attempt had asked for. */
function clientAt(conversation: Conversation, endEarlierWrite: () => void) {
  setTimeout(endEarlierWrite, 50);
  return { ...conversation.github.client(), settleMs: 500 };
}

test("a review that GitHub is still writing for an earlier attempt is not written again", async () => {
  await using conversation = await createConversation();
  const client = clientAt(conversation, () =>
    conversation.reviews.push({ ...record, state: "COMMENTED", commit_id: "a".repeat(40), comments: [] }),
  );
  const review = { commitId: "a".repeat(40), body: marker, event: "COMMENT", comments: [] } as const;
  const toPost = { marker, markerStart, viewerId: viewer.id, review, doubtful: true };
  expect(await postReviewOnce(client, shop, 7, toPost)).toMatchObject({ review: { id: 1 } });
  expect(conversation.writes()).toEqual([]);
});

test("a summary that GitHub is still writing for an earlier attempt is edited", async () => {
  await using conversation = await createConversation();
  const client = clientAt(conversation, () => conversation.comments.push({ ...record }));
  const summary = { marker, viewerId: viewer.id, body: `New ${marker}`, doubtful: true };
  expect(await upsertSummaryComment(client, shop, 7, summary)).toMatchObject({ id: 1 });
  expect(conversation.comments).toMatchObject([{ body: `New ${marker}` }]);
});

test("what was written before the user took another login is known as theirs", async () => {
  await using conversation = await createConversation();
  const user = { ...viewer, login: "octo-renamed" };
  const old = { ...record, user };
  conversation.reviews.push({ ...old, state: "COMMENTED", commit_id: "a".repeat(40), comments: [] });
  conversation.comments.push({ ...old });
  const review = { commitId: "a".repeat(40), body: marker, event: "COMMENT", comments: [] } as const;
  const shared = { marker, viewerId: viewer.id, doubtful: true };
  const client = conversation.github.client();
  await postReviewOnce(client, shop, 7, { ...shared, markerStart, review });
  await upsertSummaryComment(client, shop, 7, { ...shared, body: marker });
  expect(conversation.writes()).toEqual(["PATCH {id}"]);
});
