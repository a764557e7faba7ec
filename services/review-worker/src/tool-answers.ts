import type { DirectoryEntry, FileCommit, NumberedIssue } from "@nectr/github";

/** Where a text stands in a file. */
export interface Place {
  readonly path: string;
  /** 1-based. */
  readonly line: number;
  readonly code: string;
}

const shortestText = 2;
const longestText = 200;
const mostEntries = 300;
const mostInFile = 8;
const mostPlaces = 60;
const longestLine = 200;

/** The line of a query that can be looked for as it stands; undefined where there is none. */
export function searchable(query: string): string | undefined {
  const line = query
    .split(/\r?\n/)
    .map((each) => each.trim())
    .find((each) => each !== "");
  return line !== undefined && line.length >= shortestText ? line.slice(0, longestText) : undefined;
}

/** The lines that have the text just so. */
export function findPlaces(texts: ReadonlyMap<string, string>, text: string): Place[] {
  return [...texts].flatMap(([path, content]) => {
    if (!content.includes(text)) return [];
    const lines = content.split(/\r?\n/);
    const found = lines.flatMap((code, index) =>
      code.includes(text) ? { path, line: index + 1, code } : [],
    );
    return found.slice(0, mostInFile);
  });
}

/** @param note why it may be found elsewhere too */
export function describePlaces(places: readonly Place[], note: string | undefined): string | undefined {
  const lines = places
    .slice(0, mostPlaces)
    .map(({ path, line, code }) => `${path}:${line}: ${code.trim().slice(0, longestLine)}`);
  const more = places.length > mostPlaces ? [`${places.length - mostPlaces} more places`] : [];
  const all = [...lines, ...more, ...(note === undefined ? [] : [note])];
  return all.length === 0 ? undefined : all.join("\n");
}

export function describeDirectory(entries: readonly DirectoryEntry[] | undefined): string | undefined {
  if (entries === undefined) return undefined;
  const lines = entries.slice(0, mostEntries).map(({ name, type, size }) => {
    if (type === "dir") return `${name}/`;
    return type === "file" ? `${name} (${size} bytes)` : `${name} (${type})`;
  });
  const more = entries.length > mostEntries ? [`${entries.length - mostEntries} more entries`] : [];
  return [...lines, ...more].join("\n");
}

export function describeHistory(commits: readonly FileCommit[]): string | undefined {
  if (commits.length === 0) return undefined;
  return commits
    .map(({ sha, date, author, title }) => {
      const day = date === null ? "undated" : date.toISOString().slice(0, 10);
      return `${day} ${sha.slice(0, 7)} by ${author}: ${title}`;
    })
    .join("\n");
}

export function describeIssue(issue: NumberedIssue | undefined): string | undefined {
  if (issue === undefined) return undefined;
  const { number, title, body, state, author, labels, isPullRequest } = issue;
  const kind = isPullRequest ? "pull request" : "issue";
  const labelled = labels.length === 0 ? "" : `, labelled ${labels.join(", ")}`;
  return `${kind} ${number}: ${title}\n${state}, by ${author.login}${labelled}\n\n${body}`.trimEnd();
}
