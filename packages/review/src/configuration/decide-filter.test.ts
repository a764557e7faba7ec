import { expect, test } from "vitest";
import { decideFilter, type FilteredPull } from "./decide-filter.ts";
import { repositoryConfigSchema } from "./repository-config.ts";

const pull: FilteredPull = {
  draft: false,
  author: { login: "hubot", type: "User" },
  labels: ["Bug", "area/web"],
  title: "[WIP] Repair the door",
  base: { ref: "main" },
  head: { ref: "feature/door" },
};

const reasonFor = (filters: object, changes: Partial<FilteredPull> = {}) => {
  const decision = decideFilter(repositoryConfigSchema.parse({ filters }), { ...pull, ...changes });
  return decision.kind === "run" ? undefined : decision.reason;
};
const bot = { author: { login: "renovate[bot]", type: "Bot" } };

test("unless told otherwise all are reviewed but drafts", () => {
  expect(reasonFor({})).toBeUndefined();
  expect(reasonFor({}, bot)).toBeUndefined();
  expect(reasonFor({}, { draft: true })).toBe("the pull request is a draft");
  expect(reasonFor({ drafts: true }, { draft: true })).toBeUndefined();
  expect(reasonFor({ bots: false }, bot)).toBe("its author is a bot");
});

test.each<[object, Partial<FilteredPull>, string | undefined]>([
  [{ labels: { skip: ["bug"] } }, {}, '.nectr.yml skips the label "bug"'],
  [{ labels: { skip: ["docs"] } }, {}, undefined],
  [{ labels: { skip: ["BUG"] } }, {}, '.nectr.yml skips the label "BUG"'],
  [{ labels: { require: ["review", "area/*"] } }, {}, undefined],
  [{ labels: { require: ["review"] } }, {}, ".nectr.yml requires another label"],
  [{ labels: { require: ["review"] } }, { labels: [] }, ".nectr.yml requires another label"],
  [{ labels: { require: ["bug"], skip: ["area/*"] } }, {}, '.nectr.yml skips the label "area/*"'],
  [{ authors: { skip: ["renovate[bot]"] } }, bot, '.nectr.yml skips the author "renovate[bot]"'],
  [{ authors: { skip: ["*[bot]"] } }, bot, '.nectr.yml skips the author "*[bot]"'],
  [{ titles: { skip: ["[wip]*"] } }, {}, '.nectr.yml skips the title "[wip]*"'],
  [{ titles: { skip: ["wip*"] } }, {}, undefined],
  [{ baseBranches: { require: ["release/*"] } }, {}, ".nectr.yml requires another base branch"],
  [{ baseBranches: { require: ["main", "release/*"] } }, {}, undefined],
  [{ headBranches: { skip: ["feature/*"] } }, {}, '.nectr.yml skips the head branch "feature/*"'],
])("%j", (filters, changes, reason) => {
  expect(reasonFor(filters, changes)).toBe(reason);
});
