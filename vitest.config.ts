import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";
import { closingLine } from "./infra/vitest/closing-line.ts";

export default defineConfig({
  test: {
    // Most suites wait for processes of their own, and the usual one worker on two processors would wait with them.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    globalSetup: "infra/vitest/global-setup.ts",
    // Whatever a person's own git is set to.
    env: { GIT_CONFIG_GLOBAL: "/dev/null", GIT_CONFIG_NOSYSTEM: "1", LC_ALL: "C" },
    // The latter two by `npm run test:faults -- --full` and `npm run soak -- --minutes N`.
    provide: { propertySeed: Number(process.env["PROPERTY_SEED"] ?? 1), full: false, soakMinutes: 1 },
    setupFiles: "infra/vitest/property-seed.ts",
    reporters: ["default", closingLine()],
    // Limits are for what hangs. How long something takes is no test's matter, and machines may be busy.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    expect: { poll: { timeout: 20_000 } },
    projects: [
      {
        extends: true,
        test: {
          name: "tests",
          include: ["{packages,services}/*/{src,test}/**/*.test.ts", "infra/**/*.test.ts", "e2e/*.test.ts"],
        },
      },
      // What takes minutes, because something has to die or to be away first: `npm run test:faults`.
      { extends: true, test: { name: "faults", include: ["e2e/faults/*.test.ts"] } },
      { extends: true, test: { name: "soak", include: ["e2e/soak/*.test.ts"] } },
    ],
  },
});
