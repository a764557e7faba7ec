import type { RuleCase } from "../rule-case.ts";

export const logicCases: readonly RuleCase[] = [
  {
    rule: "script/off-by-one",
    language: "typescript",
    finds: [
      "for (let i = 0; i <= items.length; i++) {\n  total += items[i].price;\n}",
      "for (let n = 0; n <= a.b.length; n += 1) f(a.b[n]);",
    ],
    passes: [
      "for (let i = 0; i < items.length; i++) f(items[i]);",
      "for (let i = 0; i <= items.length; i++) f(items.slice(0, i));",
      "for (let i = 1; i <= items.length; i++) f(items[i - 1]);",
    ],
  },
  {
    rule: "script/nan-comparison",
    language: "typescript",
    finds: ["if (price === NaN) stop();", "const bad = Number.NaN; if (x !== Number.NaN) f();"],
    passes: ["if (Number.isNaN(price)) stop();", "const price = NaN;"],
  },
  {
    rule: "script/parse-int-in-map",
    language: "typescript",
    finds: ["const ids = parts.map(parseInt);"],
    passes: ["const ids = parts.map((part) => parseInt(part, 10));", "const ids = parts.map(Number);"],
  },
  {
    rule: "script/assignment-as-condition",
    language: "typescript",
    finds: ["if (order.state = 'paid') ship(order);", "if (a = b) f();"],
    passes: [
      "if (order.state === 'paid') ship(order);",
      "if ((match = other)) f();",
      "if (match = pattern.exec(text)) f();",
      "while (node = next) f();",
    ],
  },
  {
    rule: "script/boolean-comparator",
    language: "typescript",
    finds: ["items.sort((a, b) => a.price > b.price);"],
    passes: [
      "items.sort((a, b) => a.price - b.price);",
      "items.sort((a, b) => (a.price > b.price ? 1 : -1));",
      "items.filter((a, b) => a > b);",
    ],
  },
  {
    rule: "script/impossible-typeof",
    language: "typescript",
    finds: ["if (typeof x === 'array') f();", "if (typeof x !== 'undefind') f();"],
    passes: ["if (typeof x === 'function') f();", "if (kind === 'array') f();"],
  },
  {
    rule: "script/literal-identity",
    language: "typescript",
    finds: ["if (items === []) f();", "if (value !== {}) f();"],
    passes: ["if (items.length === 0) f();", "const xs = items === none ? [] : items;"],
  },
  {
    rule: "script/negated-operand",
    language: "typescript",
    finds: ["if (!name in table) f();", "if (!error instanceof Refused) f();"],
    passes: ["if (!(name in table)) f();", "if (error instanceof Refused) f();"],
  },
  {
    rule: "script/same-operands",
    language: "typescript",
    finds: ["if (a.start || a.start) f();", "const ok = low && low;"],
    passes: ["if (a.start || a.end) f();", "const n = next() || next();", "if (x !== x) f();"],
  },
  {
    rule: "script/repeated-condition",
    language: "typescript",
    finds: ["if (a.open) {\n  f();\n} else if (a.open) {\n  g();\n}"],
    passes: [
      "if (a.open) { f(); } else if (b.open) { g(); }",
      "if (next()) { f(); } else if (next()) { g(); }",
    ],
  },
  {
    rule: "script/index-as-condition",
    language: "typescript",
    finds: ["if (names.indexOf(name)) f();"],
    passes: ["if (names.indexOf(name) !== -1) f();", "if (names.includes(name)) f();"],
  },
  {
    rule: "java/string-identity",
    language: "java",
    finds: ['class A { boolean f(String s) { return s == "paid"; } }'],
    passes: [
      'class A { boolean f(String s) { return "paid".equals(s); } }',
      "class A { boolean f(String s) { return s == null; } }",
    ],
  },
  {
    rule: "php/assignment-as-condition",
    language: "php",
    finds: ["<?php if ($state = 'paid') { ship(); }"],
    passes: ["<?php if ($state === 'paid') { ship(); }", "<?php if ($row = next_row()) { ship(); }"],
  },
];
