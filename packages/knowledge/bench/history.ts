import type { Account, PullRequestFacts, TouchedFile, TreeFile } from "../src/index.ts";

/** A repository as large ones are: few files, folders and people have most of the work, and few changes are huge. */
export interface History {
  readonly files: readonly TreeFile[];
  readonly pulls: readonly PullRequestFacts[];
}

const day = 24 * 60 * 60 * 1000;
const years = 5;
const people = 150;
const open = 80;

/** The same history for the same numbers. */
export function makeHistory(options: { files: number; pulls: number; seed: number; now: Date }): History {
  const random = createRandom(options.seed);
  const folders = Array.from({ length: Math.ceil(options.files / 12) }, (_, i) => folderName(i));
  const paths = Array.from(
    { length: options.files },
    (_, i) => `${folders[i % folders.length]}/file-${i}.ts`,
  );
  const byFolder = folders.map((_, folder) => paths.filter((__, i) => i % folders.length === folder));
  const team = Array.from({ length: people }, (_, i): Account => ({
    id: i + 1,
    login: `dev-${i}`,
    bot: i === 3,
  }));
  const somebody = () => pick(team, powerLaw(random, people, 1.1));

  const touch = (path: string): TouchedFile => ({
    path,
    status: "modified",
    additions: Math.ceil(20 * random()),
    deletions: Math.ceil(10 * random()),
    hunks: Array.from({ length: 1 + powerLaw(random, 8, 1.2) }, (_, i) => {
      const line = 1 + i * 60 + Math.floor(random() * 40);
      return { oldStart: line, oldLines: 3, newStart: line, newLines: 4 };
    }),
  });
  const choosePaths = (): string[] => {
    // The middle is 3 files, one pull request in a hundred has 100 and more, a few have thousands.
    const size = Math.min(
      Math.ceil(0.7 / Math.max(random(), 0.0003) ** 0.9) + Math.floor(random() * 4),
      3000,
    );
    const home = powerLaw(random, folders.length, 1);
    const chosen = new Set<string>();
    for (let tries = 0; chosen.size < size && tries < size * 3; tries += 1) {
      // Most of a change is in one part of the repository; its neighbours come next.
      const away = random() < 0.7 && size < 30 ? 0 : powerLaw(random, folders.length, 1);
      const folder = byFolder[(home + away) % folders.length] ?? [];
      chosen.add(pick(folder, powerLaw(random, folder.length, 1)));
    }
    return [...chosen];
  };

  const start = options.now.getTime() - years * 365 * day;
  const step = (years * 365 * day) / options.pulls;
  const pulls = Array.from({ length: options.pulls }, (_, i): PullRequestFacts => {
    const at = new Date(start + i * step);
    const isOpen = i >= options.pulls - open;
    const files = choosePaths().map(touch);
    return {
      number: i + 1,
      title: `Change ${i + 1} of ${files.length} files`,
      author: somebody(),
      reviewers: random() < 0.8 ? [somebody(), somebody()] : [],
      state: isOpen ? "open" : random() < 0.1 ? "closed" : "merged",
      base: "main",
      updatedAt: at,
      mergedAt: isOpen ? null : at,
      files: i % 60 === 59 ? files.map((file) => renamed(file, i)) : files,
      closes: random() < 0.5 ? [options.pulls + Math.floor(random() * 2000)] : [],
    };
  });
  return { files: paths.map((path) => ({ path, size: Math.ceil(20_000 * random()) })), pulls };
}

/** Where the file got the name from that it has now, at the first change of it that is one. */
function renamed(file: TouchedFile, i: number): TouchedFile {
  return { ...file, status: "renamed", previousPath: `before-${i}/${file.path}` };
}

/** Four levels, with few folders at the top. */
function folderName(i: number): string {
  return ["packages", `p${i % 9}`, `m${i % 83}`, `f${i}`].join("/");
}

/** A number from 0 to n - 1, of which small ones come up far more often. */
function powerLaw(random: () => number, n: number, exponent: number): number {
  const x = random();
  if (exponent === 1) return Math.min(Math.floor(n ** x) - 1 + Math.floor(random() * 2), n - 1);
  const power = 1 - exponent;
  return Math.min(Math.floor((1 + x * (n ** power - 1)) ** (1 / power)) - 1, n - 1);
}

function pick<T>(list: readonly T[], index: number): T {
  const item = list[Math.max(0, Math.min(index, list.length - 1))];
  if (item === undefined) throw new RangeError("Nothing to pick from");
  return item;
}

/** Mulberry32. */
function createRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let x = Math.imul(state ^ (state >>> 15), state | 1);
    x ^= x + Math.imul(x ^ (x >>> 7), x | 61);
    return ((x ^ (x >>> 14)) >>> 0) / 2 ** 32;
  };
}
