import type { RuleCase } from "../rule-case.ts";

export const injectionCases: readonly RuleCase[] = [
  {
    rule: "script/sql-injection",
    language: "typescript",
    finds: [
      "db.query(`SELECT * FROM users WHERE name = '${name}'`);",
      "await pool.query<Row>(`DELETE FROM carts WHERE id = ${req.params.id}`);",
      "function f(db, q) {\n  const sql = `SELECT id FROM items WHERE title LIKE '%${q}%'`;\n  return db.query(sql);\n}",
    ],
    passes: [
      "db.query(`SELECT * FROM ${table} WHERE name = $1`, [name]);",
      "db.query(sql`SELECT * FROM users WHERE name = ${name}`);",
      "db.query(`SELECT * FROM users WHERE id IN (${ids.map(() => '?').join(', ')})`, ids);",
      "log.info(`SELECT * FROM users WHERE name = ${name}`);",
      "db.query(`SELECT * FROM t WHERE a = $${values.length}`, values);",
      "api.get(`/select/${id}`);",
    ],
  },
  {
    rule: "script/sql-concatenation",
    language: "typescript",
    finds: [
      "db.query('SELECT * FROM users WHERE name = \\'' + name + '\\'');",
      'db.execute("DELETE FROM carts WHERE id = " + id);',
    ],
    passes: [
      'db.query("SELECT * FROM users " + "WHERE name = $1", [name]);',
      'db.query("SELECT * FROM users WHERE name = " + db.escape(name));',
      'show("select one from the list = " + count);',
    ],
  },
  {
    rule: "script/shell-injection",
    language: "typescript",
    finds: [
      'import { execSync } from "node:child_process";\nexecSync(`convert ${file} out.png`);',
      'const { exec } = require("child_process");\nexec("git log " + branch, done);',
    ],
    passes: [
      'import { execFileSync } from "node:child_process";\nexecFileSync("convert", [`${file}`, "out.png"]);',
      'import { exec } from "node:child_process";\nexec(`ls ${HOME}`);',
      "const found = pattern.exec(`a ${text}`);",
    ],
  },
  {
    rule: "script/code-injection",
    language: "typescript",
    finds: ["eval(expression);", "const f = new Function('a', body);"],
    passes: ["eval('1 + 1');", "page.eval(expression);", "new Function('return this');"],
  },
  {
    rule: "script/html-injection",
    language: "typescript",
    finds: ["list.innerHTML = `<li>${comment.text}</li>`;", "box.innerHTML = location.hash.slice(1);"],
    passes: [
      "list.innerHTML = `<li>${escapeHtml(comment.text)}</li>`;",
      "list.innerHTML = '';",
      "list.textContent = `${comment.text}`;",
    ],
  },
  {
    rule: "script/path-traversal",
    language: "typescript",
    finds: [
      "const file = path.join(root, req.params.name);",
      "fs.readFile(`./files/${req.query.name}`, done);",
    ],
    passes: [
      "const file = path.join(root, path.basename(req.params.name));",
      "const file = path.join(root, request.id);",
    ],
  },
  {
    rule: "script/open-redirect",
    language: "typescript",
    finds: ["res.redirect(req.query.next);", "res.redirect(302, req.body.returnTo);"],
    passes: ["res.redirect('/home');", "res.redirect(allowed(req.query.next));"],
  },
  {
    rule: "script/request-forgery",
    language: "typescript",
    finds: ["const answer = await fetch(req.query.url);", "await axios.get(req.body.address, options);"],
    passes: ["await fetch(config.url);", "await fetch(`${base}/items?id=${req.query.id}`);"],
  },
];
