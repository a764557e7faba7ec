/** Files in which package managers pin versions: written by tools, long, and not read by anyone. */
const lockFiles: ReadonlySet<string> = new Set([
  // JavaScript
  "package-lock.json",
  "npm-shrinkwrap.json",
  "yarn.lock",
  "pnpm-lock.yaml",
  "bun.lock",
  "bun.lockb",
  "deno.lock",
  // Python
  "poetry.lock",
  "Pipfile.lock",
  "pdm.lock",
  "uv.lock",
  "pixi.lock",
  "pylock.toml",
  "conda-lock.yml",
  "requirements.lock",
  // Ruby, PHP, Go, Rust
  "Gemfile.lock",
  "gems.locked",
  "composer.lock",
  "symfony.lock",
  "go.sum",
  "go.work.sum",
  "Gopkg.lock",
  "glide.lock",
  "Cargo.lock",
  // JVM, .NET
  "gradle.lockfile",
  "buildscript-gradle.lockfile",
  "maven_install.json",
  "packages.lock.json",
  "project.assets.json",
  "paket.lock",
  // Swift and Objective-C, Dart
  "Package.resolved",
  "Podfile.lock",
  "Cartfile.resolved",
  "pubspec.lock",
  // Elixir and Erlang, Haskell, Nim, Crystal, Julia, Perl, R, C and C++
  "mix.lock",
  "rebar.lock",
  "stack.yaml.lock",
  "cabal.project.freeze",
  "nimble.lock",
  "shard.lock",
  "Manifest.toml",
  "cpanfile.snapshot",
  "renv.lock",
  "conan.lock",
  // Nix, Bazel, Terraform, Helm, development environments
  "flake.lock",
  "MODULE.bazel.lock",
  ".terraform.lock.hcl",
  "Chart.lock",
  "devbox.lock",
  "devcontainer-lock.json",
  "mise.lock",
]);

/** Whether the file at `path`, in any folder, is a package manager's lock file. */
export function isLockFile(path: string): boolean {
  return lockFiles.has(path.slice(path.lastIndexOf("/") + 1));
}
