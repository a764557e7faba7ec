import type { RuleCase } from "../rule-case.ts";

export const promiseCases: readonly RuleCase[] = [
  {
    rule: "script/async-for-each",
    language: "typescript",
    finds: [
      "orders.forEach(async (order) => {\n  await ship(order);\n});",
      "Object.keys(a).forEach(async function (k) { await f(k); });",
    ],
    passes: [
      "for (const order of orders) await ship(order);",
      "orders.forEach((order) => queue.push(async () => ship(order)));",
      "await cursor.forEach(async (row) => save(row));",
      "orders.forEach(async (o) => { try { await ship(o); } catch (e) { log(e); } });",
    ],
  },
  {
    rule: "script/async-predicate",
    language: "typescript",
    finds: [
      "const open = shops.filter(async (shop) => await isOpen(shop));",
      "if (xs.some(async (x) => check(x))) f();",
    ],
    passes: [
      "const open = shops.filter((shop) => shop.open);",
      "const all = await Promise.all(shops.map(async (shop) => isOpen(shop)));",
    ],
  },
  {
    rule: "script/discarded-promises",
    language: "typescript",
    finds: ["Promise.all(orders.map(ship));", "orders.map(async (order) => ship(order));"],
    passes: [
      "await Promise.all(orders.map(ship));",
      "void Promise.all(orders.map(ship));",
      "Promise.all(jobs).catch(report);",
      "const p = orders.map(async (o) => ship(o));",
    ],
  },
  {
    rule: "script/floating-promise",
    language: "typescript",
    finds: [
      "async function save(o) { await db.put(o); }\nfunction done(o) {\n  save(o);\n}",
      "export async function save(o) { await db.put(o); }\nconst f = () => { save(1); };",
    ],
    passes: [
      "async function main() { await run(); }\nmain();",
      "async function save(o) { await db.put(o); }\nasync function done(o) { await save(o); }",
      "async function save(o) { try { await put(o); } catch (e) { log(e); } }\nfunction done(o) { save(o); }",
      "function save(o) { put(o); }\nfunction done(o) { save(o); }",
    ],
  },
  {
    rule: "script/promise-as-condition",
    language: "typescript",
    finds: [
      "async function isAdmin(u) { return roles(u); }\nif (isAdmin(user)) open();",
      "async function ok() { return 1; }\nconst bad = !ok();",
    ],
    passes: [
      "async function isAdmin(u) { return roles(u); }\nif (await isAdmin(user)) open();",
      "function isAdmin(u) { return u.admin; }\nif (isAdmin(user)) open();",
    ],
  },
  {
    rule: "script/async-effect",
    language: "tsx",
    finds: [
      "React.useLayoutEffect(async function () { await load(); });",
      "useEffect(async () => { setUser(await load()); }, []);",
    ],
    passes: [
      "useEffect(() => { load().then(setUser); }, []);",
      "useCallback(async () => { await load(); }, []);",
    ],
  },
];
