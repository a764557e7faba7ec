import { extname } from "node:path";

/** A language that rules are written for. */
export type Language =
  | "typescript"
  | "tsx"
  | "javascript"
  | "python"
  | "go"
  | "java"
  | "rust"
  | "ruby"
  | "php";

const byExtension: Readonly<Record<string, Language>> = {
  ".ts": "typescript",
  ".mts": "typescript",
  ".cts": "typescript",
  ".tsx": "tsx",
  ".js": "javascript",
  ".mjs": "javascript",
  ".cjs": "javascript",
  ".jsx": "javascript",
  ".py": "python",
  ".go": "go",
  ".java": "java",
  ".rs": "rust",
  ".rb": "ruby",
  ".php": "php",
};

/** The language of a path by its extension; undefined where no rule is written for it. */
export function languageOf(path: string): Language | undefined {
  return byExtension[extname(path).toLowerCase()];
}
