import { type ScriptedModel, startScriptedModel } from "@nectr/model/testing";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { createShop, type Shop } from "./src/shop.ts";
import { startWholeSystem, type WholeSystem } from "./src/whole-system.ts";

let nectr: WholeSystem;
let shop: Shop;
let model: ScriptedModel;
/** The file of which the model does not answer. */
let away: string | undefined = "src/b.ts";

beforeAll(async () => {
  model = await startScriptedModel(({ text }) => {
    if (away !== undefined && text.includes(away)) {
      return { status: 503, headers: { "retry-after-ms": "1" } };
    }
    return { summary: "Adds values.", findings: [] };
  });
  nectr = await startWholeSystem({
    environment: {
      OPENAI_BASE_URL: model.baseUrl,
      OPENAI_MODEL: "scripted",
      MODEL_PRICE: "2/10",
      MODEL_BUDGET_PER_MONTH: "5",
    },
  });
  shop = await createShop(nectr.simulator);
  const octocat = await nectr.signIn("octocat");
  await octocat.request("POST", "/api/v1/repos/octocat/shop/install", {});
});
afterAll(async () => {
  await nectr[Symbol.asyncDispose]();
  await model.close();
});

const patience = { timeout: 50_000, interval: 50 };
const asked = (path: string) => model.requests.filter(({ text }) => text.includes(path)).length;
const event = () =>
  nectr.db
    .selectFrom("webhook_events")
    .select(["status", "reason"])
    .where("number", "=", 1)
    .executeTakeFirst();

/** Nearly all that a model is shown at once, so that each such file is a call of its own. */
function large(name: string): string {
  return Array.from(
    { length: 1_520 },
    (_, index) => `export const ${name}${index} = value(${index});\n`,
  ).join("");
}

test("killed while the model is away, and the model back: one review, and no answer paid twice", async () => {
  await nectr.simulator.commit({
    repository: shop.fullName,
    branch: "values",
    from: "main",
    files: { "src/a.ts": large("a"), "src/b.ts": large("b") },
    message: "Add values",
    author: "hubot",
  });
  const pull = { repository: shop.fullName, head: "values", title: "Add values", author: "hubot" };
  await nectr.simulator.openPullRequest(pull);
  await vi.waitUntil(async () => (await event())?.reason?.startsWith("The model does not answer"), patience);
  expect(await event()).toMatchObject({ status: "pending" });
  expect(nectr.simulator.comments(shop.fullName, 1)).toEqual([]);

  await nectr.worker.kill();
  away = undefined;
  await nectr.worker.start();
  await vi.waitUntil(async () => (await event())?.status === "completed", patience);
  const [summary, ...others] = nectr.simulator.comments(shop.fullName, 1);
  expect(others).toEqual([]);
  expect(summary?.body).toContain("Read 2 of 2 changed files");
  // The price is the operator's.
  expect(summary?.body).toContain("2,400 tokens in, 160 out, less than $0.01");
  expect(asked("src/a.ts")).toBe(1);
  const metrics = await (await fetch(`${nectr.worker.url}/metrics`)).text();
  expect(metrics).toMatch(/nectr_model_calls_total\{outcome="answered",service="review-worker"\} 1\n/);
  expect(metrics).toMatch(/nectr_model_cost_usd_total\{service="review-worker"\} 0\.0032\n/);
});
