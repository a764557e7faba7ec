import type { Reporter, SerializedError, TestModule, TestSuite } from "vitest/node";

/** What a run came to. A suite or file that breaks outside of its tests counts as one failed test. */
interface Outcome {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  readonly skippedSuites: readonly string[];
}

/** A suite that can be skipped says what it needs: `describe.skipIf(!redisUrl)("queue on Redis (needs redis-server)")`. */
const nameWithReason = /^(.*\S)\s*\((.+)\)$/;

/**
 * A reporter that ends the whole run with one plain line, `N passed, N failed` and, where there are any,
 * `, N skipped`, counted in tests. Above it stands a line for each skipped suite, with its reason.
 *
 * It writes when the process ends, after everything else that is printed. A run that went wrong outside of
 * its tests (in the global setup, say) closes with a failure too.
 */
export function closingLine(): Reporter {
  let outcome: Outcome = { passed: 0, failed: 0, skipped: 0, skippedSuites: [] };
  return {
    onInit() {
      process.once("exit", (code) => {
        const failed = code === 0 ? outcome.failed : Math.max(outcome.failed, 1);
        process.stdout.write(render({ ...outcome, failed }));
      });
    },
    onTestRunEnd(modules, unhandledErrors) {
      outcome = summarize(modules, unhandledErrors);
    },
  };
}

function summarize(modules: readonly TestModule[], unhandledErrors: readonly SerializedError[]): Outcome {
  const tests = modules.flatMap((module) => [...module.children.allTests()]);
  const count = (...states: string[]) => tests.filter((test) => states.includes(test.result().state)).length;
  const broken = modules
    .flatMap((module) => [module, ...module.children.allSuites()])
    .filter((suite) => suite.errors().length > 0);
  return {
    passed: count("passed"),
    // A test that is still pending was cut off.
    failed: count("failed", "pending") + broken.length + unhandledErrors.length,
    skipped: count("skipped"),
    skippedSuites: modules.flatMap((module) => [...module.children.suites()].flatMap(describeSkipped)),
  };
}

/** The suites that were skipped, at this one or below it. One whose parts are all skipped is skipped as well. */
function describeSkipped(suite: TestSuite): string[] {
  const [, name, reason] = nameWithReason.exec(suite.name) ?? [];
  const isSkipped = suite.options.mode === "skip";
  if (isSkipped && name !== undefined) {
    return [`Skipped suite: ${name}: ${reason} (${suite.module.relativeModuleId})`];
  }
  const below = [...suite.children.suites()].flatMap(describeSkipped);
  if (!isSkipped || below.length > 0) return below;
  return [`Skipped suite: ${suite.name}: gives no reason (${suite.module.relativeModuleId})`];
}

function render({ passed, failed, skipped, skippedSuites }: Outcome): string {
  const closing = `${passed} passed, ${failed} failed${skipped === 0 ? "" : `, ${skipped} skipped`}`;
  return `\n${[...skippedSuites, closing].join("\n")}\n`;
}
