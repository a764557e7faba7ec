import {
  fileDiffFromPatch,
  parseRepositoryConfig,
  renderReviewRequest,
  renderSummary,
  type Review,
  reviewChange,
} from "@nectr/review";
import { type LargeChange, makeLargeChange } from "./large-change.ts";
import { readyPorts } from "./ready-ports.ts";

// Reviews one change of so many files in a process of its own, and tells what that took: from the patches as they come
// from GitHub to the texts as they go there, with as much of it read as a team may ask for. The change is made before,
// and the modules are loaded.

const links = { githubUrl: "https://github.com", fullName: "octocat/shop" };

async function review({ files, ...material }: LargeChange): Promise<Review> {
  const reviewed = await reviewChange(readyPorts(material), {
    key: { repositoryId: 1, number: 1, headSha: "0".repeat(40), generation: 0 },
    pullRequest: { title: "Rewrite", body: "All of it.", author: "mona", baseRef: "main", headRef: "new" },
    files: files.map(fileDiffFromPatch),
    filesChanged: files.length,
    config: parseRepositoryConfig("limits:\n  tokens: 2000000\n").config,
    guidance: "",
    failures: [],
    earlier: [],
  });
  renderSummary(reviewed, links);
  renderReviewRequest(reviewed, links);
  return reviewed;
}

const change = makeLargeChange(Number(process.argv[2]));
const before = process.cpuUsage();
const { coverage, findings } = await review(change);
const { user, system } = process.cpuUsage(before);
process.send?.({
  addedLines: coverage.addedLines,
  addedLinesRead: coverage.addedLinesRead,
  findings: findings.length,
  milliseconds: (user + system) / 1_000,
});
process.once("disconnect", () => process.exit());
