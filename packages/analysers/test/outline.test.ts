import { afterAll, describe, expect, it } from "vitest";
import type { AnalysersPort } from "@nectr/review";
import { createAnalysers } from "../src/analysers.ts";

const analysers: AnalysersPort & AsyncDisposable = createAnalysers();
afterAll(() => analysers[Symbol.asyncDispose]());

/** `kind name first-last` of each scope of a text. */
async function outlineOf(path: string, content: string): Promise<string[] | undefined> {
  const outlines = await analysers.outline([{ path, content }]);
  return outlines
    .get(path)
    ?.map(({ kind, name, startLine, endLine }) => `${kind} ${name} ${startLine}-${endLine}`);
}

const script = `import { db } from "./db";

export class Shop extends Base {
  limit = async (of) => {
    return of;
  };
  #total() {
    return 1;
  }
}
export default function () {}
const price = (item) => item.price;
exports.pay = async function* () {};
const routes = { list: () => [] };
app.get("/orders", async (request, response) => {
  const orders = await db.all();
  log(orders);
  response.send(orders);
});
orders.map((order) => {
  return order.id;
});
`;
const inScript = [
  "class Shop 3-10",
  "function limit 4-6",
  "function #total 7-9",
  "function price 12-12",
  "function exports.pay 13-13",
  "function list 14-14",
  "function callback of app.get 15-19",
];

describe("functions and classes, by language", () => {
  it.each<[string, string, string[]]>([
    ["a.js", script, inScript],
    ["a.jsx", script.replace("[]", "<b>{1}</b>"), inScript],
    ["a.ts", script.replace("(of)", "(of: number): Promise<number>"), inScript],
    ["a.tsx", script.replace("(of)", "(of: number)").replace("[]", "<b>{1}</b>"), inScript],
    [
      "b.ts",
      "@Injectable()\nexport abstract class A<T> {\n  @Get()\n  get x(): T {\n    return 1;\n  }\n}\ninterface B {\n  c: 1;\n}\n",
      ["class A 2-7", "function x 4-6", "class B 8-10"],
    ],
    [
      "a.py",
      "class Shop:\n    limit = 3\n\n    @property\n    @cached\n    async def total(self):\n        def inner():\n            pass\n        return 1\n\n\nx = lambda: 1\n",
      ["class Shop 1-9", "function total 4-9", "function inner 7-8"],
    ],
    [
      "a.go",
      "package a\n\ntype Shop struct {\n\tname string\n}\n\ntype ID string\n\nfunc (s *Shop) Total() int {\n\tf := func() {\n\t}\n\treturn 1\n}\n\nfunc main() {}\n",
      ["class Shop 3-5", "function Total 9-13", "function f 10-11", "function main 15-15"],
    ],
    [
      "A.java",
      "@Service\npublic class A {\n  A() {}\n  @Override\n  public int total() {\n    return 1;\n  }\n  record B(int x) { B { } }\n  enum C { D }\n}\n",
      [
        "class A 1-10",
        "function A 3-3",
        "function total 4-7",
        "class B 8-8",
        "function B 8-8",
        "class C 9-9",
      ],
    ],
    [
      "a.rs",
      "struct Shop {\n  a: u8,\n}\nimpl<T> Show<T> for Shop {\n  pub fn total(&self) -> u8 {\n    1\n  }\n}\ntrait Show<T> {\n  fn total(&self);\n}\n",
      ["class Shop 1-3", "class Shop 4-8", "function total 5-7", "class Show 9-11"],
    ],
    [
      "a.rb",
      "module M\n  class Shop < Base\n    def self.all\n      each do |x|\n        x\n      end\n    end\n    def total = 1\n  end\nend\ndescribe Shop do\n  a\n  b\n  c\nend\n",
      [
        "class M 1-10",
        "class Shop 2-9",
        "function all 3-7",
        "function total 8-8",
        "function callback of describe 11-15",
      ],
    ],
    [
      "a.php",
      "<?php\nclass Shop {\n  #[Pure]\n  public function total(): int {\n    return 1;\n  }\n}\nfunction main() {}\n$pay = function () {\n};\n",
      ["class Shop 2-7", "function total 3-6", "function main 8-8", "function $pay 9-10"],
    ],
  ])("%s", async (path, content, expected) => {
    expect(await outlineOf(path, content)).toEqual(expected);
    expect(await outlineOf(path, content.replaceAll("\n", "\r\n"))).toEqual(expected);
  });

  it("tells nothing of a language that it does not know, and of nothing nothing", async () => {
    expect(await outlineOf("a.txt", "function f() {}\n")).toBeUndefined();
    expect(await outlineOf("a.ts", "")).toEqual([]);
  });
});

describe("texts that are hard to read", () => {
  it("finds its way back after what cannot be parsed", async () => {
    expect(await outlineOf("a.ts", "function f() {\n  return 1;\n}\nclass { ) => =\n")).toContain(
      "function f 1-3",
    );
  });

  it.each<[string, string]>([
    ["one line of a megabyte", `function f() { ${"x;".repeat(490_000)} }`],
    ["more than a megabyte", "function f() {}\n".repeat(70_000)],
    ["more functions than anyone writes", "function f() {}\n".repeat(6_000)],
  ])("leaves out %s", async (_, content) => {
    expect(await outlineOf("a.ts", content)).toBeUndefined();
  });

  it.each<[string, string]>([
    ["functions within functions", `${"function f() {\n".repeat(4_000)}${"}\n".repeat(4_000)}`],
    ["brackets that never close", "([{\n".repeat(20_000)],
    ["conditions within conditions", `${"if (a) ".repeat(500)}\n`.repeat(100)],
    ["a chain of callbacks", `a\n${".then(() => {\n\n\n\n\n})\n".repeat(3_000)}`],
    ["names as long as lines", `function ${"a".repeat(4_900)}() {}\n`.repeat(150)],
    ["bytes of no text", "\0\ud800\ufffd\u2028=>{\n".repeat(5_000)],
  ])("takes no longer than it may over %s, and reads the next file", async (_, content) => {
    const last = { path: "b.ts", content: "function g() {}\n" };
    const outlines = await analysers.outline([{ path: "a.ts", content }, { path: "a.php", content }, last]);
    expect(outlines.get("b.ts")).toHaveLength(1);
    const lines = content.split("\n").length;
    for (const { name, startLine, endLine } of outlines.get("a.ts") ?? []) {
      expect(name.length).toBeLessThan(200);
      expect(startLine >= 1 && startLine <= endLine && endLine <= lines).toBe(true);
    }
  });
});
