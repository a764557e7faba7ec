import { type EnginePorts, maskSecrets, type PlacedFinding } from "@nectr/review";
import type { Excerpt } from "../output/terminal.ts";

/** Reads the lines that findings are about, without secrets: a terminal is recorded, shared and scrolled back. */
export async function excerptsOf(
  findings: readonly PlacedFinding[],
  readTexts: EnginePorts["readTexts"],
): Promise<Excerpt> {
  const read = async (side: "base" | "head") => {
    const paths = findings.filter((finding) => sideOf(finding) === side).map(({ path }) => path);
    const texts = await readTexts(side, [...new Set(paths)]);
    return new Map([...texts].map(([path, text]) => [path, maskSecrets(text).split("\n")]));
  };
  const lines = { base: await read("base"), head: await read("head") };
  return (finding) =>
    lines[sideOf(finding)].get(finding.path)?.slice(finding.startLine - 1, finding.endLine) ?? [];
}

function sideOf({ side }: PlacedFinding): "base" | "head" {
  return side === "old" ? "base" : "head";
}
