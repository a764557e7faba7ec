import type { Draft, LockedPackage } from "./locked-package.ts";

/** A package as these formats write it: what belongs to it follows its `[[package]]`. */
interface Block {
  readonly line: number;
  readonly lines: string[];
}

function blocksOf(content: string): Block[] {
  const blocks: Block[] = [];
  for (const [index, line] of content.split(/\r?\n/).entries()) {
    if (line === "[[package]]") blocks.push({ line: index + 1, lines: [] });
    else if (/^\[(?!package\.|\[package\.)/.test(line)) blocks.push({ line: index + 1, lines: [] });
    else blocks.at(-1)?.lines.push(line);
  }
  return blocks;
}

/** What stands behind `key =`, without its quotes; undefined where the block has no such line. */
function valueOf({ lines }: Block, key: string): string | undefined {
  const line = lines.find((each) => each.startsWith(`${key} = `));
  return line?.slice(key.length + 3).replace(/^"(.*)"$/, "$1");
}

function draftOf(block: Block): Draft | undefined {
  const [name, version] = [valueOf(block, "name"), valueOf(block, "version")];
  return name === undefined || version === undefined ? undefined : { name, version, line: block.line };
}

/** Names in a list such as `dependencies = [ "a", "b 1.0" ]` or `{ name = "a" }`, over as many lines as it takes. */
function listed({ lines }: Block): string[] {
  const start = lines.findIndex((line) => line.startsWith("dependencies = ["));
  if (start < 0) return [];
  const length = lines.slice(start).findIndex((line) => line.endsWith("]"));
  const list = lines.slice(start, start + length + 1).join("\n");
  return [...list.matchAll(/(?:\{ name = |^\s*|\[)"([^"\s]+)/gm)].map(([, name]) => name ?? "");
}

/** Reads `Cargo.lock`. */
export function readCargoLock(content: string): LockedPackage[] {
  const blocks = blocksOf(content);
  const isOurs = (block: Block) => valueOf(block, "source") === undefined;
  const direct = new Set(blocks.filter(isOurs).flatMap(listed));
  return blocks.flatMap((block) => {
    const draft = draftOf(block);
    const source = valueOf(block, "source");
    if (draft === undefined || source === undefined) return [];
    const integrity = valueOf(block, "checksum");
    if (integrity !== undefined) draft.integrity = integrity;
    if (!/^(registry|sparse)\+/.test(source)) draft.source = source;
    return [{ ...draft, direct: direct.has(draft.name) }];
  });
}

/** Reads `poetry.lock` and `pdm.lock`, which do not tell what the project asked for. */
export function readPoetryLock(content: string): LockedPackage[] {
  return blocksOf(content).flatMap((block) => {
    const draft = draftOf(block);
    if (draft === undefined) return [];
    const type = valueOf(block, "type") ?? (valueOf(block, "git") === undefined ? undefined : "git");
    if (type === "directory" || type === "file") return [];
    const address = valueOf(block, "url") ?? valueOf(block, "git");
    if (type === "git" || type === "url") draft.source = address ?? type;
    return [withHashes(draft, block)];
  });
}

/** Reads `uv.lock`. */
export function readUvLock(content: string): LockedPackage[] {
  const blocks = blocksOf(content);
  const isOurs = (block: Block) => /^\{ (virtual|editable|directory) = /.test(valueOf(block, "source") ?? "");
  const direct = new Set(blocks.filter(isOurs).flatMap(listed));
  return blocks.flatMap((block) => {
    const draft = draftOf(block);
    if (draft === undefined || isOurs(block)) return [];
    const foreign = /^\{ (?:git|url) = "([^"]+)"/.exec(valueOf(block, "source") ?? "")?.[1];
    if (foreign !== undefined) draft.source = foreign;
    return [{ ...withHashes(draft, block), direct: direct.has(draft.name) }];
  });
}

/** A package has a hash for each of its files: together they are what must not change. */
function withHashes(draft: Draft, { lines }: Block): Draft {
  const hashes = lines.flatMap((line) => /\bhash = "([^"]+)"/.exec(line)?.[1] ?? []);
  return hashes.length === 0 ? draft : { ...draft, integrity: hashes.toSorted().join(" ") };
}
