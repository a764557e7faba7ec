import type { Finding } from "../model.ts";
import { configFor } from "../configuration/config-for.ts";
import { createRuleFilter } from "../configuration/rule-filter.ts";
import type { Change } from "./change.ts";
import type { EnginePorts } from "./ports.ts";
import type { Texts } from "./texts.ts";

/** What the analysers found, and where they failed. */
export interface Inspection {
  readonly findings: readonly Finding[];
  readonly failures: readonly string[];
  readonly analysers: readonly string[];
  /** Paths that every analyser read. */
  readonly read: ReadonlySet<string>;
  /** Paths that the repository's settings keep from the analysers. */
  readonly unwanted: ReadonlySet<string>;
}

/** Runs the analysers over what the change brings in, as far as the repository's settings want them. */
export async function inspect(
  { analysers }: Pick<EnginePorts, "analysers">,
  { config }: Pick<Change, "config">,
  { changed, locks }: Texts,
): Promise<Inspection> {
  const isWanted = createRuleFilter(config);
  const wanted = changed.filter(({ path }) => configFor(config, path).analysers.enabled);
  const { findings, failures } = await analysers.analyse(wanted);
  const ofLocks = locks.flatMap(
    ({ path, base, head }) => analysers.explainDependencies(path, base, head)?.findings ?? [],
  );
  const failed = new Set(failures.map(({ path }) => path));
  return {
    findings: [...findings, ...ofLocks].filter(isWanted),
    failures: failures.map(
      ({ analyser, path, reason }) => `${path}: not read to its end by the analyser "${analyser}": ${reason}`,
    ),
    analysers: wanted.length === 0 && changed.length > 0 ? [] : analysers.names,
    read: new Set(wanted.map(({ path }) => path).filter((path) => !failed.has(path))),
    unwanted: new Set(
      changed.map(({ path }) => path).filter((path) => !configFor(config, path).analysers.enabled),
    ),
  };
}
