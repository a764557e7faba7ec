import examples from "@octokit/webhooks-examples" with { type: "json" };
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { parseWebhookEvent, WebhookPayloadError } from "./webhook-events.ts";

/** What is decided for the example payloads of pull_request, by action. */
const pullRequestDecisions: Record<string, string> = {
  assigned: "ignored",
  closed: "close",
  converted_to_draft: "ignored",
  labeled: "ignored",
  locked: "ignored",
  opened: "review",
  ready_for_review: "review",
  reopened: "review",
  review_request_removed: "ignored",
  review_requested: "ignored",
  synchronize: "review",
  unassigned: "ignored",
  unlabeled: "ignored",
  unlocked: "ignored",
};

/** Every other event among the examples, with its actions ("-": none): all ignored. */
const ignoredEvents: Record<string, string> = {
  branch_protection_rule: "created deleted edited",
  check_run: "completed created requested_action rerequested",
  check_suite: "completed requested rerequested",
  code_scanning_alert: "closed_by_user created fixed reopened",
  commit_comment: "created",
  create: "-",
  delete: "-",
  dependabot_alert: "created fixed",
  deploy_key: "created",
  deployment: "created",
  deployment_review: "requested",
  deployment_status: "created",
  discussion:
    "answered category_changed created edited labeled locked pinned transferred unanswered unlabeled unlocked",
  discussion_comment: "created deleted edited",
  fork: "-",
  github_app_authorization: "revoked",
  gollum: "-",
  installation: "created deleted new_permissions_accepted suspend unsuspend",
  installation_repositories: "added removed",
  issue_comment: "created deleted edited",
  issues:
    "assigned deleted demilestoned edited labeled locked milestoned opened pinned reopened transferred unassigned unlabeled unlocked unpinned",
  label: "created deleted edited",
  marketplace_purchase: "cancelled changed purchased",
  member: "added edited",
  membership: "added removed",
  merge_group: "checks_requested",
  meta: "deleted",
  milestone: "closed created deleted",
  org_block: "blocked unblocked",
  organization: "member_added member_invited renamed",
  package: "published",
  page_build: "-",
  ping: "-",
  project: "created",
  project_card: "created deleted moved",
  project_column: "created edited",
  projects_v2_item: "archived converted created edited reordered restored",
  public: "-",
  pull_request_review: "dismissed submitted",
  pull_request_review_comment: "created deleted edited",
  pull_request_review_thread: "resolved unresolved",
  push: "-",
  release: "created deleted edited prereleased published released",
  repository: "created edited privatized publicized renamed transferred",
  repository_dispatch: "on-demand-test",
  repository_import: "-",
  repository_vulnerability_alert: "create dismiss",
  security_advisory: "published updated withdrawn",
  sponsorship: "created pending_tier_change",
  star: "created deleted",
  status: "-",
  team: "added_to_repository created deleted edited removed_from_repository",
  team_add: "-",
  watch: "started",
  workflow_dispatch: "-",
  workflow_job: "completed in_progress queued waiting",
  workflow_run: "completed requested",
};

/** A payload's action, "-" where it has none. */
function actionOf(body: Record<string, unknown>): string {
  return typeof body["action"] === "string" ? body["action"] : "-";
}

/** The decision that the tables above hold for an event and an action. */
function expectedDecision(name: string, action: string): string | undefined {
  if (name === "pull_request") return pullRequestDecisions[action];
  return ignoredEvents[name]?.split(" ").includes(action) ? "ignored" : undefined;
}

const examplesSchema = z.array(
  z.object({ name: z.string(), examples: z.array(z.record(z.string(), z.unknown())) }),
);

const payloads = examplesSchema
  .parse(examples)
  .flatMap(({ name, examples: bodies }) => bodies.map((body) => ({ name, body })));

describe("GitHub's example payloads", () => {
  test("all 329 get the decision of the table", () => {
    expect(payloads).toHaveLength(329);
    const wrong = payloads
      .map(({ name, body }) => {
        const action = actionOf(body);
        const decided = parseWebhookEvent(name, body).kind;
        return { name, action, decided, expected: expectedDecision(name, action) };
      })
      .filter(({ decided, expected }) => decided !== expected);
    expect(wrong).toEqual([]);
  });

  test("the table has no pair that is not among them", () => {
    const pairs = new Set(payloads.map(({ name, body }) => `${name} ${actionOf(body)}`));
    const listed = Object.entries({
      ...ignoredEvents,
      pull_request: Object.keys(pullRequestDecisions).join(" "),
    });
    expect(
      listed.flatMap(([name, actions]) => actions.split(" ").map((a) => `${name} ${a}`)).toSorted(),
    ).toEqual([...pairs].toSorted());
  });

  test("49 have no repository, and are ignored with a reason", () => {
    const without = payloads.filter(({ body }) => body["repository"] === undefined);
    expect(without).toHaveLength(49);
    for (const { name, body } of without) {
      const event = parseWebhookEvent(name, body);
      expect(event).toMatchObject({ kind: "ignored", reason: expect.stringMatching(/./) });
      expect(event).not.toHaveProperty("repositoryId");
    }
  });
});

const sha = "0123456789abcdef0123456789abcdef01234567";

function pullRequest(action: string, fields: Record<string, unknown> = {}) {
  return {
    action,
    repository: { id: 9, full_name: "octocat/shop" },
    pull_request: { number: 7, draft: false, merged: false, head: { sha }, ...fields },
  };
}

const source = { repositoryId: 9, fullName: "octocat/shop", number: 7, headSha: sha };

describe("pull_request events", () => {
  test("a head to review", () => {
    expect(parseWebhookEvent("pull_request", pullRequest("synchronize"))).toEqual({
      kind: "review",
      action: "synchronize",
      ...source,
    });
  });

  test.each(["opened", "reopened", "synchronize"])("a draft that is %s waits", (action) => {
    expect(parseWebhookEvent("pull_request", pullRequest(action, { draft: true }))).toEqual({
      kind: "ignored",
      reason: "draft: waits for ready_for_review",
      repositoryId: 9,
      fullName: "octocat/shop",
      action,
    });
  });

  test.each([true, false])("closed, merged %s, also as a draft", (merged) => {
    expect(parseWebhookEvent("pull_request", pullRequest("closed", { merged, draft: true }))).toEqual({
      kind: "close",
      action: "closed",
      merged,
      ...source,
    });
  });

  test("an action that GitHub adds one day is ignored, as is an event", () => {
    expect(parseWebhookEvent("pull_request", pullRequest("teleported"))).toMatchObject({ kind: "ignored" });
    expect(parseWebhookEvent("starship", { action: 7, repository: "?" })).toEqual({
      kind: "ignored",
      reason: "starship events are not used",
    });
    expect(parseWebhookEvent("ping", null)).toMatchObject({
      kind: "ignored",
      reason: expect.stringContaining("ping"),
    });
  });

  test.each<[string, unknown, RegExp]>([
    ["no object", null, /payload/],
    ["no repository", { ...pullRequest("opened"), repository: undefined }, /repository/],
    ["no pull request", { ...pullRequest("opened"), pull_request: null }, /pull_request/],
    ["no action", { ...pullRequest("opened"), action: undefined }, /action/],
    ["a number that is none", pullRequest("opened", { number: "7" }), /pull_request\.number/],
    [
      "a head that is no sha",
      pullRequest("opened", { head: { sha: "../../etc" } }),
      /pull_request\.head\.sha/,
    ],
    [
      "an id beyond what a number holds",
      { ...pullRequest("opened"), repository: { id: 2 ** 53, full_name: "a/b" } },
      /id/,
    ],
  ])("%s is refused, and the message says where", (_name, payload, message) => {
    expect(() => parseWebhookEvent("pull_request", payload)).toThrow(WebhookPayloadError);
    expect(() => parseWebhookEvent("pull_request", payload)).toThrow(message);
  });
});
