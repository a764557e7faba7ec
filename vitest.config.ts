import { defineConfig } from "vitest/config";
import { closingLine } from "./infra/vitest/closing-line.ts";

export default defineConfig({
  test: {
    include: ["{packages,services}/*/{src,test}/**/*.test.ts", "infra/**/*.test.ts", "e2e/**/*.test.ts"],
    globalSetup: "infra/vitest/global-setup.ts",
    // Whatever a person's own git is set to.
    env: { GIT_CONFIG_GLOBAL: "/dev/null", GIT_CONFIG_NOSYSTEM: "1", LC_ALL: "C" },
    provide: { propertySeed: Number(process.env["PROPERTY_SEED"] ?? 1) },
    setupFiles: "infra/vitest/property-seed.ts",
    reporters: ["default", closingLine()],
    // Limits are for what hangs. How long something takes is no test's matter, and machines may be busy.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    expect: { poll: { timeout: 20_000 } },
  },
});
