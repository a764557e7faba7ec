import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { FindingOutcome, Graph, PullRequestFacts } from "../src/index.ts";
import { ada, addedAfter, daysAgo, grace, lines, linus, merged, now, open, robot } from "./facts.ts";

export interface GraphUnderTest extends AsyncDisposable {
  readonly graph: Graph;
  /** As the ledger has it after reviews. */
  giveFindings(repositoryId: number, number: number, findings: readonly FindingOutcome[]): Promise<void>;
}

/** What every graph does, whatever keeps it. */
export function graphContract(start: () => Promise<GraphUnderTest>): void {
  let under: GraphUnderTest;
  let graph: Graph;
  let repository = 1_000_000_000_000;

  beforeAll(async () => {
    under = await start();
    graph = under.graph;
  }, 180_000);
  afterAll(() => under?.[Symbol.asyncDispose]());

  const tree = { sha: "c0ffee", branch: "main", at: daysAgo(0) };
  const sized = (paths: readonly string[]) => paths.map((path) => ({ path, size: 100 }));
  /** A repository of its own, with these files and pull requests. */
  async function give(paths: readonly string[], pulls: readonly PullRequestFacts[] = []): Promise<number> {
    repository += 1;
    await graph.indexTree(repository, sized(paths), tree);
    await graph.indexPullRequests(repository, pulls);
    return repository;
  }
  const timed = { now, limit: 10 };
  const together = { leastTogether: 3, leastConfidence: 0.75, limit: 10 };
  const hotPaths = async (id: number) => (await graph.hotspots(id, timed)).map(({ path }) => path).toSorted();

  describe("experts", () => {
    test("are those who did most of the latest work on the files, and reviewing counts less than writing", async () => {
      const id = await give(
        ["a.ts", "b.ts"],
        [
          merged(1, { files: ["a.ts"], author: ada, reviewers: [grace], days: 5 }),
          merged(2, { files: ["a.ts"], author: grace, reviewers: [ada], days: 900 }),
          merged(3, { files: ["b.ts"], author: linus, days: 1 }),
        ],
      );
      const experts = await graph.expertsFor(id, ["a.ts"], timed);
      expect(experts).toMatchObject([
        { id: ada.id, login: "ada", authored: 1, reviewed: 1, latestAt: daysAgo(5) },
        { id: grace.id, authored: 1, reviewed: 1 },
      ]);
      expect(experts[0]!.score).toBeCloseTo(2 ** (-5 / 180) + 2 ** (-900 / 180) / 2, 6);
      expect(experts[1]!.score).toBeCloseTo(2 ** (-5 / 180) / 2 + 2 ** (-900 / 180), 6);
    });

    test("are no bots, not the author, nobody whose change was not merged, and not who changed everything", async () => {
      const many = Array.from({ length: 100 }, (_, i) => `src/${i}.ts`);
      const id = await give(
        ["a.ts", ...many],
        [
          merged(1, { files: ["a.ts"], author: robot }),
          merged(2, { files: ["a.ts"], author: null, reviewers: [] }),
          merged(3, { files: ["a.ts"], author: linus }),
          open(4, { files: ["a.ts"], author: { id: 9, login: "stranger", bot: false } }),
          merged(5, { files: ["a.ts", ...many], author: ada, days: 1 }),
          merged(6, { files: ["a.ts"], author: grace, days: 1 }),
        ],
      );
      const experts = await graph.expertsFor(id, ["a.ts"], { ...timed, except: [linus.id] });
      expect(experts.map(({ login }) => login)).toEqual(["grace", "ada"]);
      expect(experts[0]!.score / experts[1]!.score).toBeCloseTo(Math.sqrt(101), 6);
    });

    test("have the login that they have now", async () => {
      const id = await give(["a.ts"], [merged(1, { files: ["a.ts"], days: 9 })]);
      await graph.indexPullRequests(id, [
        merged(2, { files: ["a.ts"], author: { ...ada, login: "countess" }, days: 1 }),
      ]);
      expect(await graph.expertsFor(id, ["a.ts"], timed)).toMatchObject([{ login: "countess", authored: 2 }]);
    });
  });

  test("related pull requests are those of the same files, and rare files say more than common ones", async () => {
    const common = [11, 12, 13, 14].map((number) =>
      merged(number, { files: ["package.json", `x${number}`] }),
    );
    const id = await give(
      ["a.ts", "b.ts", "package.json"],
      [
        ...common,
        merged(1, { files: ["a.ts", "b.ts"], days: 20, title: "Both", author: grace }),
        merged(2, { files: ["a.ts", "other.ts"], days: 20 }),
        open(3, { files: ["a.ts", "b.ts", "package.json"] }),
        open(4, { files: ["a.ts"] }),
      ],
    );
    const related = await graph.relatedPullRequests(id, ["a.ts", "b.ts", "package.json"], {
      ...timed,
      except: 3,
      limit: 3,
    });
    expect(related[0]).toMatchObject({
      number: 1,
      title: "Both",
      author: { id: grace.id, login: "grace" },
      mergedAt: daysAgo(20),
      sharedPaths: ["a.ts", "b.ts"],
    });
    expect(related.map(({ number }) => number)).toEqual([1, 2, 14]);
  });

  test("linked issues are those that a pull request says it closes, with who else says so", async () => {
    const id = await give(
      [],
      [merged(1, { files: [], closes: [7] }), open(2, { files: [], closes: [7, 8] }), open(3, { files: [] })],
    );
    expect(await graph.linkedIssues(id, 2)).toEqual([
      { number: 7, alsoClosedBy: [{ number: 1, state: "merged" }] },
      { number: 8, alsoClosedBy: [] },
    ]);
    expect(await graph.linkedIssues(id, 3)).toEqual([]);
  });

  test("hotspots are where the latest work was done, in files that are there and written by people", async () => {
    const many = (from: number, path: string, days: number) =>
      [0, 1, 2].map((i) => merged(from + i, { files: [path], days }));
    const id = await give(
      ["old.ts", "hot.ts", "quiet.ts"],
      [
        ...many(10, "old.ts", 1500),
        ...many(20, "hot.ts", 30),
        ...many(30, "gone.ts", 3),
        ...many(40, "lock", 3),
      ],
    );
    await graph.indexTree(
      id,
      [...sized(["old.ts", "hot.ts", "quiet.ts"]), { path: "lock", size: 1, generated: true }],
      tree,
    );
    const hot = await graph.hotspots(id, timed);
    expect(hot).toMatchObject([
      { path: "hot.ts", pullRequests: 3, latestAt: daysAgo(30) },
      { path: "old.ts", pullRequests: 3 },
    ]);
    expect(hot[0]!.score).toBeCloseTo(3 * 2 ** (-30 / 180), 6);
    const [later] = await graph.hotspots(id, { now: new Date(now.getTime() + 180 * 86_400_000), limit: 1 });
    expect(later!.score).toBeCloseTo(hot[0]!.score / 2, 6);
  });

  test("risky files are those on which findings were fixed or came back", async () => {
    const id = await give(
      ["a.ts", "b.ts", "new.ts", "c.ts"],
      [
        merged(1, { files: ["a.ts", "b.ts", "old.ts", "c.ts"], days: 9 }),
        merged(2, { files: [{ path: "new.ts", previousPath: "old.ts", status: "renamed" }], days: 8 }),
      ],
    );
    const of = (path: string, state: FindingOutcome["state"], severity: FindingOutcome["severity"]) => ({
      path,
      state,
      severity,
    });
    await under.giveFindings(id, 1, [
      of("a.ts", "fixed", "minor"),
      of("a.ts", "fixed", "minor"),
      of("a.ts", "fixed", "nit"),
      of("b.ts", "regressed", "critical"),
      of("old.ts", "fixed", "critical"),
      of("c.ts", "fixed", "nit"),
    ]);
    expect(await graph.riskyFiles(id, { limit: 10 })).toEqual([
      { path: "b.ts", fixed: 0, regressed: 1, score: 8 },
      { path: "new.ts", fixed: 1, regressed: 0, score: 4 },
      { path: "a.ts", fixed: 2, regressed: 0, score: 2 },
    ]);
    expect(await graph.riskyFiles(id, { limit: 10, paths: ["a.ts"] })).toMatchObject([{ path: "a.ts" }]);
    // Once more indexed, as each change of it is.
    await graph.indexPullRequests(id, [merged(1, { files: ["a.ts"], days: 9, updatedAt: daysAgo(1) })]);
    expect(await graph.riskyFiles(id, { limit: 10 })).toMatchObject([{ path: "a.ts", fixed: 2 }]);
  });

  test("dead files are those that nobody touched for long, and how far back that is known is told", async () => {
    const id = await give(
      ["alive.ts", "dead.ts", "never.ts"],
      [merged(1, { files: ["dead.ts"], days: 800 }), merged(2, { files: ["alive.ts"], days: 3 })],
    );
    expect(await graph.deadFiles(id, { since: daysAgo(365), limit: 10 })).toEqual({
      pullRequests: 2,
      knownSince: daysAgo(800),
      files: [
        { path: "never.ts", size: 100, latestAt: null },
        { path: "dead.ts", size: 100, latestAt: daysAgo(800) },
      ],
    });
  });

  test("ownership tells for each folder who did which part of the work, and how few did half of it", async () => {
    const id = await give(
      ["api/a.ts", "api/deep/b.ts", "web/c.ts", "README.md", "apis", "🦉/x%/d.ts"],
      [
        ...[1, 2, 3].map((number) => merged(number, { files: ["api/a.ts"], author: ada })),
        merged(4, { files: ["api/deep/b.ts"], author: grace }),
        merged(5, { files: ["web/c.ts"], author: robot }),
        merged(6, { files: ["web/c.ts"], author: linus }),
        merged(7, { files: ["README.md"], author: linus, days: 300 }),
        merged(8, { files: ["🦉/x%/d.ts"], author: grace, days: 700 }),
        merged(9, { files: ["README.md"], author: ada, days: 800 }),
      ],
    );
    const whole = await graph.ownership(id, { ...timed, folder: "" });
    expect(whole).toMatchObject([
      { path: "api", owners: [{ login: "ada" }, { login: "grace" }], busFactor: 1 },
      { path: "web", owners: [{ login: "linus", share: 1 }], busFactor: 1 },
      { path: "README.md", owners: [{ login: "linus", share: 1 }] },
      { path: "🦉", owners: [{ login: "grace" }] },
    ]);
    expect(await graph.ownership(id, { ...timed, folder: "🦉" })).toMatchObject([{ path: "🦉/x%" }]);
    expect(whole[0]!.owners[0]!.share).toBeCloseTo(0.75, 6);
    const api = await graph.ownership(id, { ...timed, folder: "api" });
    expect(api.map(({ path }) => path)).toEqual(["api/a.ts", "api/deep"]);
  });

  test("expertise tells in which folders somebody works", async () => {
    const id = await give(
      ["api/a.ts", "api/b.ts", "web/c.ts", "root.ts"],
      [
        merged(1, { files: ["api/a.ts", "api/b.ts"], author: ada, days: 30 }),
        merged(2, { files: ["api/a.ts"], author: ada, days: 20 }),
        merged(3, { files: ["root.ts"], author: ada, days: 900 }),
        merged(4, { files: ["web/c.ts"], author: grace }),
      ],
    );
    expect(await graph.expertise(id, ada.id, timed)).toMatchObject([
      { folder: "api", files: 2, pullRequests: 2, latestAt: daysAgo(20) },
      { folder: "", files: 1, pullRequests: 1 },
    ]);
  });

  describe("files that change together", () => {
    const both = (numbers: readonly number[], files = ["schema.ts", "migration.ts"]) =>
      numbers.map((number) => merged(number, { files, days: 100 - number }));

    test("are told where a change leaves one out: in 9 of 11 pull requests", async () => {
      const id = await give(
        ["schema.ts", "migration.ts", "else.ts"],
        [...both([1, 2, 3, 4, 5, 6, 7, 8, 9]), ...both([10, 11], ["schema.ts", "else.ts"])],
      );
      expect(await graph.changesTogether(id, ["schema.ts"], together)).toEqual([
        { path: "migration.ts", with: "schema.ts", together: 9, of: 11 },
      ]);
      expect(await graph.changesTogether(id, ["schema.ts", "migration.ts"], together)).toEqual([]);
    });

    test("are not told of too few, of mass changes, of what was not merged, and of what is gone", async () => {
      const many = Array.from({ length: 60 }, (_, i) => `src/${i}.ts`);
      const id = await give(
        ["a.ts", "b.ts", "c.ts", "d.ts", ...many],
        [
          ...both([1, 2], ["a.ts", "b.ts"]),
          ...both([11, 12, 13, 14], ["c.ts", ...many]),
          ...both([21, 22, 23, 24], ["d.ts", "gone.ts"]),
          ...[31, 32, 33, 34].map((number) => open(number, { files: ["d.ts", "b.ts"] })),
        ],
      );
      expect(await graph.changesTogether(id, ["a.ts", "c.ts", "d.ts"], together)).toEqual([]);
    });
  });

  describe("conflicts", () => {
    const change = (number: number, ...hunks: ReturnType<typeof lines>[]) =>
      open(number, { files: [{ path: "a.ts", hunks }], author: grace, title: `Change ${number}` });

    test("are open pull requests for the same branch that change the same lines", async () => {
      const id = await give(
        ["a.ts"],
        [
          change(1, lines(10, 20), addedAfter(50, 3)),
          change(2, lines(18, 30)),
          change(3, addedAfter(50, 1)),
          change(4, lines(100, 110)),
          change(5, lines(22, 30)),
          { ...change(6, lines(10, 20)), base: "release" },
          { ...change(7, lines(10, 20)), state: "closed" },
          { ...change(8, lines(10, 20)), state: "merged", mergedAt: now },
          open(9, { files: [{ path: "b.ts", hunks: [lines(10, 20)] }] }),
        ],
      );
      expect(await graph.conflictsOf(id, 1)).toEqual([
        {
          number: 2,
          title: "Change 2",
          author: { id: grace.id, login: "grace" },
          files: [{ path: "a.ts", lines: [{ startLine: 18, endLine: 20 }] }],
        },
        expect.objectContaining({
          number: 3,
          files: [{ path: "a.ts", lines: [{ startLine: 50, endLine: 50 }] }],
        }),
      ]);
      expect((await graph.conflictsOf(id, 2)).map(({ number }) => number)).toEqual([1, 5]);
      expect(await graph.conflictsOf(id, 8)).toEqual([]);
    });

    test("are found where one renames the file, and not where both delete it", async () => {
      const removed = { path: "a.ts", status: "removed" as const, hunks: [lines(1, 40)] };
      const renamed = {
        path: "z.ts",
        previousPath: "a.ts",
        status: "renamed" as const,
        hunks: [lines(3, 3)],
      };
      const id = await give(
        ["a.ts"],
        [
          open(1, { files: [removed] }),
          open(2, { files: [removed] }),
          open(3, { files: [renamed] }),
          open(4, { files: [{ path: "a.ts", hunks: [lines(3, 3)] }] }),
        ],
      );
      expect((await graph.conflictsOf(id, 1)).map(({ number }) => number)).toEqual([3, 4]);
      expect((await graph.conflictsOf(id, 4)).map(({ number }) => number)).toEqual([1, 2, 3]);
    });
  });

  describe("renames", () => {
    const rename = (number: number, from: string, to: string, days: number) =>
      merged(number, { files: [{ path: to, previousPath: from, status: "renamed" }], days });
    const history = [
      merged(1, { files: ["a.ts"], days: 90, author: grace }),
      rename(2, "a.ts", "b.ts", 80),
      merged(3, { files: ["b.ts"], days: 70 }),
      rename(4, "b.ts", "c.ts", 60),
      merged(5, { files: [{ path: "a.ts", status: "added" }], days: 50, author: linus }),
      merged(6, { files: ["c.ts"], days: 40 }),
    ];
    const known = async (id: number) => ({
      c: (await graph.expertsFor(id, ["c.ts"], timed)).map(({ login, authored }) => [login, authored]),
      a: (await graph.expertsFor(id, ["a.ts"], timed)).map(({ login, authored }) => [login, authored]),
      b: await graph.expertsFor(id, ["b.ts"], timed),
      hot: await graph.hotspots(id, timed),
    });

    test.each([
      ["at once", (pulls: PullRequestFacts[]) => [pulls]],
      ["one by one", (pulls: PullRequestFacts[]) => pulls.map((pull) => [pull])],
      ["the newest first", (pulls: PullRequestFacts[]) => pulls.toReversed().map((pull) => [pull])],
      [
        "the renames last",
        ([p1, p2, p3, p4, p5, p6]: PullRequestFacts[]) => [[p1!, p5!], [p6!, p3!], [p4!], [p2!]],
      ],
      ["twice", (pulls: PullRequestFacts[]) => [...pulls, ...pulls].map((pull) => [pull])],
    ])("a file keeps its history under its new name, told %s", async (_, order) => {
      const id = await give(["a.ts", "c.ts"]);
      for (const batch of order(history)) await graph.indexPullRequests(id, batch);
      expect(await known(id)).toMatchObject({
        c: [
          ["ada", 4],
          ["grace", 1],
        ],
        a: [["linus", 1]],
        b: [],
        hot: [
          { path: "c.ts", pullRequests: 5 },
          { path: "a.ts", pullRequests: 1 },
        ],
      });
    });

    test("one that is not merged moves nothing, and moves the file once it is", async () => {
      const id = await give(["a.ts"], [merged(1, { files: ["a.ts"], days: 90 })]);
      const later = { sha: "d0d0", branch: "main", at: daysAgo(-1) };
      await graph.indexPullRequests(id, [{ ...rename(2, "a.ts", "b.ts", 5), state: "open", mergedAt: null }]);
      await graph.indexPullRequests(id, [merged(3, { files: ["a.ts"], days: 50 })]);
      expect(await graph.hotspots(id, timed)).toMatchObject([{ path: "a.ts", pullRequests: 2 }]);
      const landed = { ...rename(2, "a.ts", "b.ts", -2), updatedAt: daysAgo(-2) };
      await graph.indexTree(id, sized(["a.ts"]), later);
      await graph.indexPullRequests(id, [landed]);
      expect(await graph.hotspots(id, timed)).toMatchObject([{ path: "b.ts", pullRequests: 3 }]);
    });

    test("one into another branch than the indexed one is not followed", async () => {
      const id = await give(["a.ts"], [merged(1, { files: ["a.ts"], days: 90 })]);
      await graph.indexPullRequests(id, [{ ...rename(2, "a.ts", "b.ts", 5), base: "release" }]);
      await graph.indexPullRequests(id, [merged(3, { files: ["a.ts"], days: 50 })]);
      expect(await graph.hotspots(id, timed)).toMatchObject([{ path: "a.ts", pullRequests: 3 }]);
    });
  });

  describe("the tree", () => {
    test("says which files there are; pull requests merged since then say what came and went", async () => {
      const id = await give(["a.ts", "b.ts"], [merged(1, { files: ["a.ts", "b.ts", "c.ts"], days: 9 })]);
      expect(await hotPaths(id)).toEqual(["a.ts", "b.ts"]);
      await graph.indexPullRequests(id, [
        merged(2, {
          files: [
            { path: "b.ts", status: "removed" },
            { path: "d.ts", status: "added" },
          ],
          days: -1,
        }),
      ]);
      expect(await hotPaths(id)).toEqual(["a.ts", "d.ts"]);
      await graph.indexTree(id, sized(["b.ts"]), { ...tree, at: daysAgo(-2) });
      expect(await hotPaths(id)).toEqual(["b.ts"]);
      await graph.indexTree(id, sized(["a.ts", "c.ts"]), { ...tree, at: daysAgo(-1) });
      expect(await hotPaths(id)).toEqual(["b.ts"]);
      const between = merged(3, { files: [{ path: "e.ts", status: "added" }], days: -1.5 });
      await graph.indexPullRequests(id, [between]);
      expect(await hotPaths(id)).toEqual(["b.ts"]);
    });

    test("may come after the pull requests", async () => {
      repository += 1;
      await graph.indexPullRequests(repository, [merged(1, { files: ["a.ts", "b.ts"] })]);
      expect(await hotPaths(repository)).toEqual(["a.ts", "b.ts"]);
      await graph.indexTree(repository, sized(["a.ts"]), tree);
      expect(await hotPaths(repository)).toEqual(["a.ts"]);
    });
  });

  test("of two accounts of a pull request the later one is kept, in whatever order they come", async () => {
    const id = await give(["a.ts", "b.ts"]);
    const newer = merged(1, { files: ["b.ts"], closes: [2], author: grace, days: 1 });
    const older = open(1, { files: ["a.ts"], closes: [1], author: ada, days: 5 });
    for (const batch of [[newer, older], [older], [newer]]) {
      await graph.indexPullRequests(id, batch);
      expect(await hotPaths(id)).toEqual(["b.ts"]);
      expect(await graph.linkedIssues(id, 1)).toMatchObject([{ number: 2 }]);
      expect(await graph.expertsFor(id, ["a.ts", "b.ts"], timed)).toMatchObject([
        { login: "grace", authored: 1 },
      ]);
    }
  });

  test("two that index at once get what one would get", async () => {
    const id = await give(["a.ts"]);
    const pulls = Array.from({ length: 20 }, (_, i) => merged(i + 1, { files: ["a.ts", `b${i}.ts`] }));
    await Promise.all([
      graph.indexPullRequests(id, pulls.slice(0, 15)),
      graph.indexPullRequests(id, pulls.slice(5).toReversed()),
      graph.indexTree(id, sized(["a.ts"]), tree),
    ]);
    expect(await graph.hotspots(id, timed)).toMatchObject([{ path: "a.ts", pullRequests: 20 }]);
  });

  /** Every question that there is, about the same paths, number and person. */
  const questions: Record<
    Exclude<keyof Graph, "indexTree" | "indexPullRequests" | "indexFindings" | "removeRepository">,
    (id: number) => Promise<unknown>
  > = {
    expertsFor: (id) => graph.expertsFor(id, ["a.ts", "b.ts"], timed),
    relatedPullRequests: (id) => graph.relatedPullRequests(id, ["a.ts", "b.ts"], timed),
    linkedIssues: (id) => graph.linkedIssues(id, 1),
    hotspots: (id) => graph.hotspots(id, timed),
    riskyFiles: (id) => graph.riskyFiles(id, { limit: 10 }),
    deadFiles: (id) => graph.deadFiles(id, { since: now, limit: 10 }),
    ownership: (id) => graph.ownership(id, { ...timed, folder: "" }),
    expertise: (id) => graph.expertise(id, ada.id, timed),
    changesTogether: (id) => graph.changesTogether(id, ["0 of theirs", "a.ts"], together),
    conflictsOf: (id) => graph.conflictsOf(id, 11),
  };

  /** The same numbers, paths and people in each, but another person's and other titles, and a file that only one has. */
  async function giveTwin(mark: string): Promise<number> {
    const more = mark === "theirs" ? ["0 of theirs"] : [];
    const own = { id: 77, login: mark, bot: false };
    const id = await give(
      ["a.ts", "b.ts"],
      [
        ...[1, 2, 3, 4].map((number) =>
          merged(number, { files: ["a.ts", "b.ts", ...more], title: mark, closes: [5], reviewers: [own] }),
        ),
        open(11, { files: [{ path: "a.ts", hunks: [lines(1, 9)] }], title: mark, author: own }),
        open(12, { files: [{ path: "a.ts", hunks: [lines(1, 9)] }], title: mark, author: own }),
      ],
    );
    await under.giveFindings(id, 1, [{ path: "a.ts", state: "fixed", severity: "critical" }]);
    return id;
  }

  describe.each(Object.keys(questions) as (keyof typeof questions)[])("%s", (name) => {
    test("is answered from its own repository alone", async () => {
      const alone = await giveTwin("mine");
      const before = await questions[name](alone);
      expect(JSON.stringify(before)).not.toMatch(/^(\[\]|.*"files":\[\]})$/);
      const other = await giveTwin("theirs");
      expect(await questions[name](alone)).toEqual(before);
      expect(JSON.stringify(before)).not.toContain("theirs");
      expect(JSON.stringify(await questions[name](other))).not.toContain("mine");
    });

    test("is answered with nothing of a repository that is removed or was never indexed", async () => {
      const [removed, kept] = [await giveTwin("removed"), await giveTwin("kept")];
      const before = await questions[name](kept);
      await graph.removeRepository(removed);
      const nothing = name === "deadFiles" ? { pullRequests: 0, knownSince: null, files: [] } : [];
      expect(await questions[name](removed)).toEqual(nothing);
      expect(await questions[name](999)).toEqual(nothing);
      expect(await questions[name](kept)).toEqual(before);
    });
  });
}
