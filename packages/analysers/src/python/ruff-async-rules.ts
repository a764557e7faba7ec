import type { LinterRule } from "../linter-rule.ts";
import { ruffPage } from "./ruff-page.ts";

const blocking = {
  severity: "minor",
  category: "performance",
  tests: "skip",
  id: "python/blocking-in-async",
  title: "This blocks the event loop",
  body:
    "While it waits, no other task of this process runs. Use `await asyncio.sleep(...)`, an async HTTP client, " +
    "`asyncio.create_subprocess_exec`, or `asyncio.to_thread`.",
} as const;

/** Rules of ruff on asyncio and its kin, by their codes. */
export const ruffAsyncRules: Readonly<Record<string, LinterRule>> = {
  ASYNC210: { ...blocking, reference: ruffPage("blocking-http-call-in-async-function") },
  ASYNC220: { ...blocking, reference: ruffPage("create-subprocess-in-async-function") },
  ASYNC221: { ...blocking, reference: ruffPage("run-process-in-async-function") },
  ASYNC222: { ...blocking, reference: ruffPage("wait-for-process-in-async-function") },
  ASYNC251: { ...blocking, reference: ruffPage("blocking-sleep-in-async-function") },
  ASYNC105: {
    severity: "moderate",
    category: "correctness",
    tests: "read",
    id: "python/trio-not-awaited",
    title: "The call is not awaited",
    body: "Without `await` none of its code runs.",
    reference: ruffPage("trio-sync-call"),
  },
  RUF006: {
    severity: "minor",
    category: "reliability",
    tests: "skip",
    id: "python/task-not-kept",
    title: "The task may vanish before it is done",
    body:
      "The event loop holds its tasks weakly: one that nobody else refers to can be collected in the middle of its " +
      "work. Keep a reference until it is done.",
    reference: ruffPage("asyncio-dangling-task"),
  },
};
