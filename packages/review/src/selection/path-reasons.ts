import { isLockFile } from "./lock-files.ts";

/** A shape of paths and what it says about a file. `data`: a file of this name holds nothing that is run. */
interface PathRule {
  readonly pattern: RegExp;
  readonly reason: string;
  readonly data?: true;
}

/** Folders of other people's code and of build results. */
const vendoredFolder =
  /(?:^|\/)(node_modules|bower_components|jspm_packages|vendor|vendored|third[-_]party|thirdparty|3rdparty|external_libs|Godeps|Pods|Carthage|dist|\.yarn|site-packages|\.venv|__pycache__)\//i;

const rules: readonly PathRule[] = [
  { pattern: /\.min\.(?:js|mjs|cjs|css|html|svg)$/i, reason: "minified" },
  { pattern: /\.bundle\.(?:js|mjs|cjs|css)$/i, reason: "generated: a bundle" },
  { pattern: /\.(?:js|mjs|cjs|css|ts|tsx)\.map$/i, reason: "generated: a source map", data: true },
  { pattern: /\.snap$|\.ambr$/i, reason: "a test's snapshot", data: true },
  {
    pattern: /\.(?:verified|approved|received)\.(?:txt|json|xml|html|md)$/i,
    reason: "a test's snapshot",
    data: true,
  },
  { pattern: /(?:^|\/)__snapshots__\//i, reason: "a test's snapshot" },
  {
    pattern: /(?:^|\/)(?:__generated__|generated|_generated|autogen|generated-sources)\//i,
    reason: "generated: by its folder",
  },
  // protobuf, gRPC, and other code made from a description
  {
    pattern: /\.pb(?:\.gw|\.validate)?\.(?:go|cc|h|rs|dart|swift|ts|js)$/i,
    reason: "generated: from protobuf",
  },
  { pattern: /_(?:grpc_)?pb2?(?:_grpc)?\.(?:py|pyi|js|ts|d\.ts|rb)$/i, reason: "generated: from protobuf" },
  {
    pattern: /_pb\.d\.ts$|\.pbgrpc\.dart$|\.pbenum\.dart$|\.pbjson\.dart$/i,
    reason: "generated: from protobuf",
  },
  { pattern: /[._-](?:auto)?generated\.[a-z]+$|\.gen\.[a-z]+$/i, reason: "generated: by its name" },
  { pattern: /(?:^|\/)zz_generated[._]/i, reason: "generated: by its name" },
  { pattern: /\.(?:g|freezed|mocks|gr)\.dart$/i, reason: "generated: by its name" },
  { pattern: /\.(?:designer|g|g\.i)\.(?:cs|vb)$/i, reason: "generated: by its name" },
  { pattern: /(?:^|\/)(?:bindata|wire_gen)\.go$/, reason: "generated: by its name" },
];

/** Formats of pictures, fonts, sound and papers: nobody reads their bytes, and nothing runs them. */
const assetPath =
  /\.(?:png|jpe?g|gif|webp|avif|bmp|ico|icns|tiff?|heic|psd|woff2?|ttf|otf|eot|mp[34]|m4[av]|mov|webm|ogg|wav|flac|pdf)$/i;

/**
 * Why a file with this path is not worth a reviewer's time, in a reader's words; `undefined` if it may be. Whoever
 * writes source can give it such a path: only where `expected` is true would nobody have wanted to read it.
 */
export function reasonByPath(path: string): { reason: string; expected: boolean } | undefined {
  if (isLockFile(path)) return { reason: "a lock file", expected: true };
  const rule = rules.find(({ pattern }) => pattern.test(path));
  const folder = vendoredFolder.exec(path)?.[1];
  if (folder !== undefined) {
    return { reason: `vendored or built: under ${folder}/`, expected: rule?.data === true };
  }
  return rule && { reason: rule.reason, expected: rule.data === true };
}

/** Whether a file with this path is a picture or the like, where it turns out to be binary. */
export function isAsset(path: string): boolean {
  return assetPath.test(path);
}
