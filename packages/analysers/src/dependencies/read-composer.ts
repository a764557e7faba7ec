import type { LockedPackage } from "./locked-package.ts";

interface ComposerPackage {
  readonly name?: string;
  readonly version?: string;
  readonly source?: { readonly url?: string };
  readonly dist?: { readonly type?: string; readonly url?: string; readonly shasum?: string };
  readonly "notification-url"?: string;
}

/** Reads `composer.lock`. It does not tell what the project asked for. */
export function readComposerLock(content: string): LockedPackage[] {
  const lock = JSON.parse(content) as Partial<Record<"packages" | "packages-dev", ComposerPackage[]>>;
  const lines = new Map(
    content
      .split("\n")
      .map((line, index) => [/^\s*"name": "([^"]+)",/.exec(line)?.[1], index + 1] as const)
      .toReversed(),
  );
  return [...(lock.packages ?? []), ...(lock["packages-dev"] ?? [])].flatMap((each) => {
    const { name, version, source, dist } = each;
    if (name === undefined || version === undefined || dist?.type === "path") return [];
    // Whoever offers packages is told of downloads: what has no such address comes straight from a repository.
    const foreign = each["notification-url"] === undefined ? (source?.url ?? dist?.url) : undefined;
    return [
      {
        name,
        version,
        line: lines.get(name) ?? 1,
        ...(dist?.shasum ? { integrity: dist.shasum } : {}),
        ...(foreign === undefined ? {} : { source: foreign }),
      },
    ];
  });
}
