const testPath =
  /(?:^|\/)(?:tests?|specs?|__tests__|__mocks__|testdata|fixtures|e2e|cypress)\/|[._-](?:test|tests|spec|e2e)\.[a-z]+$|(?:^|\/)(?:test_[^/]*|conftest)\.py$|Tests?\.(?:java|kt|cs|swift|php)$/i;

const documentPath =
  /\.(?:md|mdx|markdown|rst|adoc|txt|tex|org)$|(?:^|\/)(?:docs?|documentation)\/|(?:^|\/)(?:license|licence|changelog|changes|authors|contributors|notice|readme)(?:\.[a-z]+)?$/i;

const dataPath =
  /\.(?:json|jsonl|ya?ml|toml|ini|cfg|conf|csv|tsv|xml|svg|po|pot|properties|css|scss|less|sass)$|(?:^|\/)\.[^/]+$/i;

/** Kinds of files in the order in which a reviewer reads them. */
const kinds = ["source", "data", "test", "document"] as const;

export type FileKind = (typeof kinds)[number];

/** What a file is, as far as its path tells. */
export function kindOf(path: string): FileKind {
  if (testPath.test(path)) return "test";
  if (documentPath.test(path)) return "document";
  return dataPath.test(path) ? "data" : "source";
}

/** A number that is smaller the sooner a file is to be read: source first, then data, tests and documents. */
export function rank(path: string): number {
  return kinds.indexOf(kindOf(path));
}
