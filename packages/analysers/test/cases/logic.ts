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
    rule: "script/parse-int-in-map",
    language: "typescript",
    finds: ["return text.split(',').map(Number.parseInt);", "const ids = parts.map(parseInt);"],
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
    finds: [
      "const sorted = items.toSorted((a, b) => a.at < b.at);",
      "items.sort((a, b) => a.price > b.price);",
    ],
    passes: [
      "items.sort((a, b) => a.price - b.price);",
      "items.sort((a, b) => (a.price > b.price ? 1 : -1));",
      "items.filter((a, b) => a > b);",
    ],
  },
  {
    rule: "script/index-as-condition",
    language: "typescript",
    finds: ["if (text.indexOf('x')) { f(); }", "if (names.indexOf(name)) f();"],
    passes: ["if (names.indexOf(name) !== -1) f();", "if (names.includes(name)) f();"],
  },
  {
    rule: "java/string-identity",
    language: "java",
    finds: [
      'class A { void f() { if ("open" != state()) g(); } }',
      'class A { boolean f(String s) { return s == "paid"; } }',
    ],
    passes: [
      'class A { boolean f(String s) { return "paid".equals(s); } }',
      "class A { boolean f(String s) { return s == null; } }",
    ],
  },
  {
    rule: "php/assignment-as-condition",
    language: "php",
    finds: ["<?php if ($open = true) { f(); }", "<?php if ($state = 'paid') { ship(); }"],
    passes: ["<?php if ($state === 'paid') { ship(); }", "<?php if ($row = next_row()) { ship(); }"],
  },
];
