import { defineConfig } from "vitest/config";
import { closingLine } from "./infra/vitest/closing-line.ts";

export default defineConfig({
  test: {
    include: ["{packages,services}/*/{src,test}/**/*.test.ts", "infra/**/*.test.ts", "e2e/**/*.test.ts"],
    globalSetup: "infra/vitest/global-setup.ts",
    provide: { propertySeed: Number(process.env["PROPERTY_SEED"] ?? 1) },
    setupFiles: "infra/vitest/property-seed.ts",
    reporters: ["default", closingLine()],
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});
