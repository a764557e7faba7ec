/** Languages by name, with the extensions (with a dot) and names of their files. */
const files = {
  bash: [".sh", ".bash", ".zsh"],
  c: [".c", ".h"],
  clojure: [".clj", ".cljs", ".cljc"],
  cpp: [".cc", ".cpp", ".cxx", ".hh", ".hpp", ".hxx"],
  csharp: [".cs"],
  css: [".css", ".scss", ".sass", ".less"],
  dart: [".dart"],
  docker: [".dockerfile", "dockerfile", "containerfile"],
  elixir: [".ex", ".exs"],
  erlang: [".erl", ".hrl"],
  go: [".go"],
  graphql: [".graphql", ".gql"],
  groovy: [".groovy", ".gradle"],
  haskell: [".hs"],
  html: [".html", ".htm"],
  java: [".java"],
  javascript: [".js", ".mjs", ".cjs", ".jsx"],
  json: [".json", ".jsonc", ".json5"],
  julia: [".jl"],
  kotlin: [".kt", ".kts"],
  lua: [".lua"],
  markdown: [".md", ".mdx", ".markdown"],
  objectivec: [".m", ".mm"],
  perl: [".pl", ".pm"],
  php: [".php"],
  powershell: [".ps1", ".psm1", ".psd1"],
  protobuf: [".proto"],
  python: [".py", ".pyi"],
  r: [".r"],
  ruby: [".rb", ".rake", "gemfile", "rakefile"],
  rust: [".rs"],
  scala: [".scala", ".sc"],
  solidity: [".sol"],
  sql: [".sql"],
  svelte: [".svelte"],
  swift: [".swift"],
  terraform: [".tf", ".tfvars", ".hcl"],
  toml: [".toml"],
  typescript: [".ts", ".mts", ".cts", ".tsx"],
  vue: [".vue"],
  xml: [".xml"],
  yaml: [".yml", ".yaml"],
  zig: [".zig"],
} as const satisfies Readonly<Record<string, readonly string[]>>;

type FileLanguage = keyof typeof files;

/** The names under which `.nectr.yml` knows languages. */
export const languages = Object.keys(files) as [FileLanguage, ...FileLanguage[]];

const byEnding: ReadonlyMap<string, FileLanguage> = new Map(
  languages.flatMap((language) => files[language].map((ending) => [ending, language] as const)),
);

/** The language of a file, as far as its name tells. */
export function fileLanguageOf(path: string): FileLanguage | undefined {
  const name = path.slice(path.lastIndexOf("/") + 1).toLowerCase();
  const dot = name.lastIndexOf(".");
  return byEnding.get(name) ?? (dot === -1 ? undefined : byEnding.get(name.slice(dot)));
}
