import { describe, expect, it } from "vitest";
import { isWorkflow } from "../src/workflows/is-workflow.ts";
import { untrustedCheckout, workflowRules } from "../src/workflows/workflow-rules.ts";
import { createWorkflowsAnalyser } from "../src/workflows/workflows-analyser.ts";

const analyser = createWorkflowsAnalyser();
const path = ".github/workflows/ci.yml";
const rulesIn = async (content: string) =>
  (await analyser.analyse({ path, content })).map(({ rule }) => rule);

const job = (steps: string, head = "on: push") =>
  `${head}\njobs:\n  test:\n    runs-on: ubuntu-latest\n    steps:\n${steps}`;

const cases: Record<string, { finds: string[]; passes: [string, string, ...string[]] }> = {
  "workflow/script-injection": {
    finds: [
      job('      - run: echo "${{ github.event.issue.title }}"\n'),
      job("      - run: |\n          git checkout ${{ github.head_ref }}\n"),
    ],
    passes: [
      job('      - run: echo "$TITLE"\n        env:\n          TITLE: ${{ github.event.issue.title }}\n'),
      job('      - run: echo "${{ github.event.issue.number }} ${{ github.sha }}"\n'),
    ],
  },
  "workflow/broken-expression": {
    finds: [
      job("      - run: echo ${{ github.ref == }}\n"),
      job("      - if: github.ref = 'x'\n        run: a\n"),
    ],
    passes: [
      job("      - run: echo ${{ github.ref }}\n"),
      job("      - if: github.ref == 'x'\n        run: a\n"),
    ],
  },
  "workflow/unknown-step": {
    finds: [
      job("      - id: a\n        run: x\n      - run: echo ${{ steps.b.outputs.c }}\n"),
      job("      - run: echo ${{ needs.build.outputs.c }}\n"),
    ],
    passes: [
      job("      - id: a\n        run: x\n      - run: echo ${{ steps.a.outputs.c }}\n"),
      job("      - run: echo ${{ vars.STAGE }} ${{ matrix.os }}\n"),
    ],
  },
  "workflow/unknown-need": {
    finds: [
      "on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    needs: b\n    steps:\n      - run: x\n",
      "on: push\njobs:\n  a:\n    runs-on: x\n    needs: b\n    steps: [{run: x}]\n  b:\n    runs-on: x\n    needs: a\n    steps: [{run: x}]\n",
    ],
    passes: [
      job("      - run: x\n  b:\n    needs: test\n    runs-on: x\n    steps: [{run: y}]\n"),
      job("      - run: x\n  b:\n    needs: [test]\n    runs-on: x\n    steps: [{run: y}]\n"),
    ],
  },
  "workflow/repeated-id": {
    finds: [job("      - id: a\n        run: x\n      - id: a\n        run: y\n")],
    passes: [
      job("      - id: a\n        run: x\n      - id: b\n        run: y\n"),
      job("      - id: a\n        run: x\n  b:\n    runs-on: x\n    steps: [{id: a, run: y}]\n"),
    ],
  },
  "workflow/invalid-schedule": {
    finds: [job("      - run: x\n", "on:\n  schedule:\n    - cron: '0 0 * *'")],
    passes: [
      job("      - run: x\n", "on:\n  schedule:\n    - cron: '0 0 * * *'"),
      job("      - run: x\n", "on:\n  schedule:\n    - cron: '*/5 2-4 1 1,2 MON'"),
    ],
  },
  "workflow/invalid-pattern": {
    finds: [
      job("      - run: x\n", "on:\n  push:\n    branches: ['a[']"),
      job("      - run: x\n", "on:\n  push:\n    branches: ['/main']"),
    ],
    passes: [
      job("      - run: x\n", "on:\n  push:\n    branches: ['release/**']"),
      job("      - run: x\n", "on:\n  push:\n    paths: ['src/**', '!src/*.md']"),
    ],
  },
  "workflow/removed-command": {
    finds: [job('      - run: echo "::set-env name=a::b"\n'), job('      - run: echo "::add-path::b"\n')],
    passes: [job('      - run: echo "a=b" >> $GITHUB_ENV\n'), job('      - run: echo "::group::a"\n')],
  },
  "workflow/hard-coded-password": {
    finds: [
      job(
        "      - run: x\n    container:\n      image: a\n      credentials:\n        username: u\n        password: hunter2\n",
      ),
    ],
    passes: [
      job(
        "      - run: x\n    container:\n      image: a\n      credentials:\n        username: u\n        password: ${{ secrets.P }}\n",
      ),
      job("      - run: x\n    container:\n      image: a\n"),
    ],
  },
  "workflow/untrusted-checkout": {
    finds: [
      job(
        "      - uses: actions/checkout@v5\n        with:\n          ref: ${{ github.event.pull_request.head.sha }}\n",
        "on: pull_request_target",
      ),
      job(
        "      - uses: actions/checkout@v5\n        with: \n          ref: refs/pull/${{ github.event.number }}/merge\n",
        "on:\n  pull_request_target:\n    types: [opened]",
      ),
    ],
    passes: [
      job(
        "      - uses: actions/checkout@v5\n        with:\n          ref: ${{ github.event.pull_request.head.sha }}\n",
        "on: pull_request # not pull_request_target",
      ),
      job("      - uses: actions/checkout@v5\n", "on: pull_request_target"),
    ],
  },
};

it("has a table of cases for every rule", () => {
  const ids = new Set([...workflowRules, untrustedCheckout].map(({ id }) => id));
  expect(Object.keys(cases).toSorted()).toEqual([...ids].toSorted());
});

describe.each(Object.entries(cases))("%s", (rule, { finds, passes }) => {
  it.each(finds)("finds %j", async (content) => expect(await rulesIn(content)).toEqual([rule]));
  it.each(passes)("passes %j", async (content) => expect(await rulesIn(content)).toEqual([]));
});

it("says nothing of what is newer than the linter", async () => {
  const content = job(
    "      - uses: actions/checkout@v9\n        with:\n          filter: x\n      - run: echo ${{ vars.STAGE }}\n",
    "run-name: ${{ vars.STAGE }}\non:\n  merge_group:\n  image_version:\npermissions:\n  attestations: write",
  ).replace("ubuntu-latest", "ubuntu-26.04-arm");
  expect(await rulesIn(content)).toEqual([]);
});

it.each(["a: [\n", "a: {{ b }}\n\t- c\n"])(
  "says that it cannot read %#, and reads the next",
  async (content) => {
    await expect(rulesIn(content)).rejects.toThrow("it is not valid YAML, or too large for actionlint");
    expect(await rulesIn(cases["workflow/repeated-id"]?.finds[0] ?? "")).toHaveLength(1);
  },
);

it("names the line of a long script that is meant", async () => {
  const content = job("      - run: |\n          ls\n          git checkout ${{ github.head_ref }}\n");
  expect((await analyser.analyse({ path, content })).map(({ startLine }) => startLine)).toEqual([8]);
});

it.each([
  [".github/workflows/ci.yml", true],
  [".github/workflows/ci.yaml", true],
  [".github/dependabot.yml", false],
  ["docs/.github/workflows/ci.yml", false],
  [".github/workflows/old/ci.yml", false],
])("knows a workflow by its path: %s %s", (file, expected) => expect(isWorkflow(file)).toBe(expected));
