import type { RuleCase } from "../rule-case.ts";

const inFunction = (body: string, result = "error") =>
  `package shop\n\nfunc work() ${result} {\n${body}\n}\n`;

export const goCases: readonly RuleCase[] = [
  {
    rule: "go/sql-injection",
    language: "go",
    finds: [
      inFunction(
        "\trows, err := db.Query(fmt.Sprintf(\"SELECT id FROM users WHERE name = '%s'\", name))\n\treturn err",
      ),
      inFunction('\t_, err := db.Exec("DELETE FROM carts WHERE id = " + id)\n\treturn err'),
    ],
    passes: [
      inFunction('\trows, err := db.Query("SELECT id FROM users WHERE name = $1", name)\n\treturn err'),
      inFunction(
        '\trows, err := db.Query(fmt.Sprintf("SELECT id FROM %s WHERE name = $1", table), name)\n\treturn err',
      ),
      inFunction('\trows, err := db.Query(fmt.Sprintf("SELECT id FROM t LIMIT %d", n))\n\treturn err'),
    ],
  },
  {
    rule: "go/shell-injection",
    language: "go",
    finds: [
      inFunction('\treturn exec.CommandContext(ctx, "/bin/bash", "-c", fmt.Sprintf("ls %s", dir)).Run()'),
      inFunction('\treturn exec.Command("sh", "-c", "tar xf "+name).Run()'),
    ],
    passes: [
      inFunction('\treturn exec.Command("tar", "xf", name).Run()'),
      inFunction('\treturn exec.Command("sh", "-c", "sync").Run()'),
    ],
  },
  {
    rule: "go/swallowed-error",
    language: "go",
    finds: [
      inFunction("\tif err != nil {\n\t\treturn nil\n\t}\n\treturn nil"),
      inFunction("\tif err != nil {\n\t\treturn nil, nil\n\t}\n\treturn x, nil", "(*Order, error)"),
    ],
    passes: [
      inFunction("\tif err != nil {\n\t\treturn err\n\t}\n\treturn nil"),
      inFunction(
        "\tif err != nil {\n\t\t// a missing file is an empty one\n\t\treturn nil\n\t}\n\treturn nil",
      ),
      inFunction("\tif err != nil {\n\t\treturn nil\n\t}\n\treturn x", "*Order"),
      inFunction("\tif err != nil {\n\t\tlog.Print(err)\n\t\treturn nil\n\t}\n\treturn nil"),
    ],
  },
  {
    rule: "go/tls-unverified",
    language: "go",
    finds: [
      "package shop\n\nfunc f() { g(&tls.Config{MinVersion: 1, InsecureSkipVerify: true}) }\n",
      "package shop\n\nvar c = tls.Config{InsecureSkipVerify: true}\n",
    ],
    passes: [
      "package shop\n\nvar c = tls.Config{InsecureSkipVerify: false}\n",
      "package shop\n\nvar c = tls.Config{InsecureSkipVerify: local}\n",
    ],
  },
  {
    rule: "go/ignored-parse-error",
    language: "go",
    finds: [
      inFunction("\tn, _ := strconv.Atoi(text)\n\treturn use(n)"),
      inFunction("\t_ = json.Unmarshal(body, &order)\n\treturn nil"),
    ],
    passes: [
      inFunction("\tn, err := strconv.Atoi(text)\n\treturn err"),
      inFunction("\tv, _ := cache.Get(key)\n\treturn use(v)"),
    ],
  },
  {
    rule: "go/ignored-commit-error",
    language: "go",
    finds: [inFunction("\ttx.Commit()\n\treturn nil"), inFunction("\t_ = tx.Commit()\n\treturn nil")],
    passes: [inFunction("\treturn tx.Commit()"), inFunction("\tdefer tx.Rollback()\n\treturn nil")],
  },
  {
    rule: "go/defer-in-loop",
    language: "go",
    finds: [
      inFunction("\tfor i := 0; i < n; i++ {\n\t\ts.mu.Lock()\n\t\tdefer s.mu.Unlock()\n\t}\n\treturn nil"),
      inFunction(
        "\tfor _, name := range names {\n\t\tf, err := os.Open(name)\n\t\tdefer f.Close()\n\t}\n\treturn nil",
      ),
    ],
    passes: [
      inFunction("\tf, err := os.Open(name)\n\tdefer f.Close()\n\treturn nil"),
      inFunction(
        "\tfor _, name := range names {\n\t\tfunc() {\n\t\t\tdefer f.Close()\n\t\t}()\n\t}\n\treturn nil",
      ),
    ],
  },
  {
    rule: "go/response-not-closed",
    language: "go",
    finds: [
      inFunction("\tr2, err := http.Post(url, kind, body)\n\treturn check(r2.StatusCode, err)"),
      inFunction(
        "\tresp, err := http.Get(url)\n\tif err != nil {\n\t\treturn err\n\t}\n\treturn check(resp.StatusCode)",
      ),
    ],
    passes: [
      inFunction(
        "\tresp, err := http.Get(url)\n\tif err != nil {\n\t\treturn err\n\t}\n\tdefer resp.Body.Close()\n\treturn nil",
      ),
      inFunction("\tresp, err := http.Get(url)\n\treturn resp, err", "(*http.Response, error)"),
    ],
  },
  {
    rule: "go/lock-not-released",
    language: "go",
    finds: [
      inFunction("\tcache.RLock()\n\treturn cache.check()"),
      inFunction("\ts.mu.Lock()\n\ts.n++\n\treturn nil"),
    ],
    passes: [
      inFunction("\ts.mu.Lock()\n\tdefer s.mu.Unlock()\n\ts.n++\n\treturn nil"),
      "package shop\n\nfunc (s *Store) acquire() {\n\ts.mu.Lock()\n}\n",
    ],
  },
  {
    rule: "go/wait-group-race",
    language: "go",
    finds: [
      inFunction("\tgo func() {\n\t\tworkerWg.Add(1)\n\t\twork()\n\t}()\n\treturn nil"),
      inFunction("\tgo func() {\n\t\twg.Add(1)\n\t\tdefer wg.Done()\n\t}()\n\twg.Wait()\n\treturn nil"),
    ],
    passes: [
      inFunction("\twg.Add(1)\n\tgo func() {\n\t\tdefer wg.Done()\n\t}()\n\treturn nil"),
      inFunction("\tgo func() {\n\t\tcounter.Add(1)\n\t}()\n\treturn nil"),
    ],
  },
  {
    rule: "go/weak-random-secret",
    language: "go",
    finds: [
      'package shop\n\nimport "math/rand"\n\nfunc f(r *http.Request) {\n\ttoken := rand.Int63()\n}\n',
      'package shop\n\nimport "math/rand"\n\nfunc f(r *http.Request) {\n\ts.csrf = strconv.Itoa(rand.Intn(100000))\n}\n',
    ],
    passes: [
      'package shop\n\nimport "math/rand"\n\nfunc f(r *http.Request) {\n\tdelay := rand.Intn(10)\n}\n',
      'package shop\n\nimport "math/rand"\n\nfunc f(r *http.Request) {\n\ttoken := makeToken()\n}\n',
    ],
  },
  {
    rule: "go/html-injection",
    language: "go",
    finds: [
      'package shop\n\nimport "math/rand"\n\nfunc f(r *http.Request) {\n\tx := template.HTML(r.FormValue("name"))\n}\n',
      'package shop\n\nimport "math/rand"\n\nfunc f(r *http.Request) {\n\tx := template.HTML(fmt.Sprintf("<b>%s</b>", r.URL.Query().Get("q")))\n}\n',
    ],
    passes: [
      'package shop\n\nimport "math/rand"\n\nfunc f(r *http.Request) {\n\tx := template.HTML(fmt.Sprintf("%d", n))\n}\n',
      'package shop\n\nimport "math/rand"\n\nfunc f(r *http.Request) {\n\tx := template.HTML(sanitize(r.FormValue("name")))\n}\n',
    ],
  },
  {
    rule: "go/path-traversal",
    language: "go",
    finds: [
      'package shop\n\nimport "math/rand"\n\nfunc f(r *http.Request) {\n\tp := filepath.Join(root, r.URL.Query().Get("file"))\n}\n',
      'package shop\n\nimport "math/rand"\n\nfunc f(r *http.Request) {\n\thttp.ServeFile(w, r, r.PathValue("name"))\n}\n',
    ],
    passes: [
      'package shop\n\nimport "math/rand"\n\nfunc f(r *http.Request) {\n\tp := filepath.Join(root, filepath.Base(r.FormValue("file")))\n}\n',
      'package shop\n\nimport "math/rand"\n\nfunc f(r *http.Request) {\n\tp := filepath.Join(root, name)\n}\n',
    ],
  },
];
