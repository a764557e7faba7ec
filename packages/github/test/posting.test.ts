import { describe, expect, test } from "vitest";
import { GitHubInvalid, GitHubUnavailable, postReviewOnce, upsertSummaryComment } from "../src/index.ts";
import type { ReviewToPost } from "../src/post-review-once.ts";
import { type Conversation, createConversation, type Fault, viewer } from "./conversation.ts";

const shop = { owner: "octocat", name: "shop" };
const markerStart = "<!-- nectr:review 9/7/";
const marker = `${markerStart}abc/0 -->`;

function toPost(lines: readonly number[] = [3, 5], fields: Partial<ReviewToPost> = {}): ReviewToPost {
  const comments = lines.map((line, index) => ({ path: "src/till.ts", line, body: `Remark ${index}` }));
  const review = {
    commitId: "a".repeat(40),
    body: `Two findings.\n${marker}`,
    event: "REQUEST_CHANGES",
    comments,
  } as const;
  return { marker, markerStart, viewerId: viewer.id, review, doubtful: false, ...fields };
}

function post(conversation: Conversation, request: ReviewToPost = toPost()) {
  return postReviewOnce(conversation.github.client(), shop, 7, request);
}

function draft(body: string, user = viewer): Conversation["reviews"][number] {
  return {
    id: 1,
    user,
    body,
    state: "PENDING",
    commit_id: "x",
    html_url: "https://github.example/r1",
    comments: [],
  };
}

describe("a review is posted once", () => {
  test("in one write, when all is well", async () => {
    await using conversation = await createConversation();
    expect(await post(conversation)).toMatchObject({
      review: { state: "CHANGES_REQUESTED", author: { login: "Nectr-Bot" } },
      movedToSummary: [],
    });
    expect(conversation.writes()).toEqual(["POST reviews"]);
    expect(conversation.github.requests).toHaveLength(1);
  });

  test.each<[Fault, number]>([
    ["lost", 2],
    ["unsaid", 1],
    ["reset-after", 1],
  ])("when the answer to the first attempt is %s, with %i POSTs", async (fault, posts) => {
    await using conversation = await createConversation();
    // Enough of other people's reviews to fill several pages.
    for (let id = 1; id <= 5; id += 1) {
      conversation.reviews.push({
        ...draft(`Copied ${marker}`, { ...viewer, login: "mona", id: 2 }),
        id,
        state: "COMMENTED",
      });
    }
    conversation.faults.push(fault);
    const { movedToSummary } = await post(conversation);
    expect(movedToSummary).toEqual([]);
    expect(conversation.reviews.filter(({ user }) => user.id === viewer.id)).toHaveLength(1);
    expect(conversation.writes()).toEqual(Array(posts).fill("POST reviews"));
  });

  test("two lost attempts are reported, and a later call finishes", async () => {
    await using conversation = await createConversation();
    conversation.faults.push("lost", "lost");
    await expect(post(conversation)).rejects.toThrow(GitHubUnavailable);
    expect(conversation.reviews).toHaveLength(0);
    await post(conversation, toPost([3, 5], { doubtful: true }));
    expect(conversation.reviews).toHaveLength(1);
  });

  test("a lost attempt, then one that was posted without an answer", async () => {
    await using conversation = await createConversation();
    conversation.faults.push("lost", "unsaid");
    expect(await post(conversation)).toMatchObject({ movedToSummary: [] });
    expect(conversation.reviews).toHaveLength(1);
  });

  test("by an earlier process: it is found, with the comments that had to be left out", async () => {
    await using conversation = await createConversation();
    await post(conversation, toPost([3, 300, 5]));
    const writes = conversation.writes().length;
    const again = await post(conversation, toPost([3, 300, 5], { doubtful: true }));
    expect(again).toMatchObject({ review: { id: conversation.reviews[0]?.id }, movedToSummary: [1] });
    expect(conversation.writes()).toHaveLength(writes);
  });

  test("by an earlier process, with two comments alike, one of them left out", async () => {
    await using conversation = await createConversation();
    const { review } = toPost();
    const comments = [300, 3].map((line) => ({ path: "src/till.ts", line, body: "Twice the same" }));
    const request = toPost([], { review: { ...review, comments } });
    expect((await post(conversation, request)).movedToSummary).toEqual([0]);
    expect((await post(conversation, { ...request, doubtful: true })).movedToSummary).toHaveLength(1);
  });

  test("a dismissed review was posted too", async () => {
    await using conversation = await createConversation();
    await post(conversation);
    for (const review of conversation.reviews) review.state = "DISMISSED";
    await post(conversation, toPost([3, 5], { doubtful: true }));
    expect(conversation.reviews).toHaveLength(1);
  });
});

describe("what GitHub refuses", () => {
  test("a verdict on one's own pull request becomes a comment", async () => {
    await using conversation = await createConversation({ author: viewer.login });
    expect(await post(conversation)).toMatchObject({ review: { state: "COMMENTED" }, movedToSummary: [] });
    expect(conversation.reviews).toHaveLength(1);
  });

  test("comments off the diff are left out, the others posted, and no draft remains", async () => {
    await using conversation = await createConversation({ author: viewer.login });
    const lines = Array.from({ length: 30 }, (_, index) => (index === 4 || index === 29 ? 101 : index + 1));
    const { movedToSummary } = await post(conversation, toPost(lines));
    expect(movedToSummary).toEqual([4, 29]);
    expect(conversation.reviews).toMatchObject([{ state: "COMMENTED" }]);
    expect(conversation.reviews[0]?.comments).toHaveLength(28);
  });

  test("a review all of whose comments are off the diff is posted without", async () => {
    await using conversation = await createConversation();
    expect(await post(conversation, toPost([101]))).toMatchObject({ movedToSummary: [0] });
    expect(conversation.reviews).toMatchObject([{ comments: [] }]);
  });

  test("our own draft of an interrupted attempt makes way", async () => {
    await using conversation = await createConversation();
    conversation.reviews.push(draft(marker));
    await post(conversation);
    expect(conversation.reviews).toMatchObject([{ state: "CHANGES_REQUESTED" }]);
  });

  test("our own draft makes way also after an attempt in doubt", async () => {
    await using conversation = await createConversation();
    conversation.reviews.push(draft(marker));
    await post(conversation, toPost([3], { doubtful: true }));
    expect(conversation.reviews).toMatchObject([{ state: "CHANGES_REQUESTED" }]);
    expect(conversation.writes()).toEqual(["DELETE {id}", "POST reviews"]);
  });

  test.each([
    ["", [3, 5]],
    [", though some comments are off the diff too", [3, 101]],
  ])("a person's own draft is left alone, and all comments are for the summary%s", async (_also, lines) => {
    await using conversation = await createConversation();
    conversation.reviews.push(draft("What I think so far"));
    expect(await post(conversation, toPost(lines))).toEqual({ review: undefined, movedToSummary: [0, 1] });
    expect(conversation.reviews).toMatchObject([{ state: "PENDING", body: "What I think so far" }]);
  });

  test("our draft for an earlier head makes way as well", async () => {
    await using conversation = await createConversation();
    conversation.reviews.push(draft(marker.replace("abc", "012")));
    await post(conversation);
    expect(conversation.reviews).toMatchObject([{ state: "CHANGES_REQUESTED" }]);
  });

  test("a body that is too long, or without its marker, is not sent", async () => {
    await using conversation = await createConversation();
    const { review } = toPost();
    for (const body of [`${marker}${"x".repeat(65_536)}`, "no marker"]) {
      await expect(post(conversation, toPost([], { review: { ...review, body } }))).rejects.toThrow(
        GitHubInvalid,
      );
    }
    expect(conversation.github.requests).toEqual([]);
  });
});

describe("one line and several", () => {
  test("a start line goes out only where it differs from the line", async () => {
    await using conversation = await createConversation();
    const { review } = toPost();
    const comments = [
      { path: "a", line: 4, startLine: 4, body: "one" },
      { path: "a", line: 4, startLine: 2, body: "three" },
      { path: "a", side: "LEFT" as const, line: 4, body: "before" },
    ];
    await post(conversation, toPost([], { review: { ...review, comments } }));
    expect(conversation.github.requests[0]?.json).toMatchObject({
      comments: [
        { path: "a", line: 4, side: "RIGHT", body: "one" },
        { path: "a", line: 4, side: "RIGHT", start_line: 2, start_side: "RIGHT", body: "three" },
        { path: "a", line: 4, side: "LEFT", body: "before" },
      ],
    });
    expect(JSON.stringify(conversation.github.requests[0]?.json).match(/start_line/g)).toHaveLength(1);
  });
});

describe("the summary comment", () => {
  function upsert(conversation: Conversation, text: string, knownId?: number) {
    const summary = {
      marker,
      viewerId: viewer.id,
      body: `${text}\n${marker}`,
      doubtful: false,
      ...(knownId !== undefined && { knownId }),
    };
    return upsertSummaryComment(conversation.github.client(), shop, 7, summary);
  }
  const ours = (conversation: Conversation) =>
    conversation.comments.filter(({ user }) => user.id === viewer.id).map(({ body }) => body.split("\n")[0]);

  test("is written, then edited by id, then edited by its marker", async () => {
    await using conversation = await createConversation();
    const first = await upsert(conversation, "first");
    expect(await upsert(conversation, "second", first.id)).toEqual(first);
    expect(await upsert(conversation, "third")).toEqual(first);
    expect(ours(conversation)).toEqual(["third"]);
    expect(conversation.writes()).toEqual(["POST comments", "PATCH {id}", "PATCH {id}"]);
  });

  test("that somebody deleted is written anew", async () => {
    await using conversation = await createConversation();
    const { id } = await upsert(conversation, "first");
    conversation.comments.length = 0;
    expect((await upsert(conversation, "second", id)).id).not.toBe(id);
    expect(ours(conversation)).toEqual(["second"]);
  });

  test("of another user is left alone, though it carries the marker", async () => {
    await using conversation = await createConversation();
    const theirs = {
      id: 1,
      user: { ...viewer, id: 2, login: "mona" },
      body: marker,
      html_url: "https://github.example/c1",
    };
    conversation.comments.push(theirs);
    await upsert(conversation, "ours", 1);
    expect(theirs.body).toBe(marker);
    expect(ours(conversation)).toEqual(["ours"]);
  });

  test("there are two of is edited at the first, behind pages of other comments", async () => {
    await using conversation = await createConversation();
    for (let id = 1; id <= 7; id += 1) {
      const body = id >= 6 ? marker : "hello";
      conversation.comments.push({ id, user: viewer, body, html_url: "https://github.example/c" });
    }
    expect((await upsert(conversation, "edited")).id).toBe(6);
  });

  test.each<[Fault, string[]]>([
    ["lost", ["POST comments", "POST comments"]],
    ["unsaid", ["POST comments", "PATCH {id}"]],
    ["reset-after", ["POST comments", "PATCH {id}"]],
  ])("appears once when the answer is %s", async (fault, writes) => {
    await using conversation = await createConversation();
    conversation.faults.push(fault);
    await upsert(conversation, "text");
    expect(ours(conversation)).toEqual(["text"]);
    expect(conversation.writes()).toEqual(writes);
  });

  test("whose edit gets no answer is edited again", async () => {
    await using conversation = await createConversation();
    const { id } = await upsert(conversation, "first");
    conversation.faults.push("lost");
    await upsert(conversation, "second", id);
    expect(ours(conversation)).toEqual(["second"]);
  });
});
