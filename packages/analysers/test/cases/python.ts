import type { RuleCase } from "../rule-case.ts";

export const pythonCases: readonly RuleCase[] = [
  {
    rule: "python/sql-injection",
    language: "python",
    finds: [
      "cursor.execute(f\"SELECT * FROM users WHERE name = '{name}'\")\n",
      "cursor.execute(\"SELECT * FROM users WHERE name = '%s'\" % name)\n",
      'db.execute("DELETE FROM carts WHERE id = " + cart_id)\n',
      "def f(db, day):\n    query = f\"SELECT total FROM orders WHERE day = '{day}'\"\n    return db.execute(query)\n",
      'cursor.execute("SELECT * FROM users WHERE id = {}".format(user_id))\n',
    ],
    passes: [
      'cursor.execute("SELECT * FROM users WHERE name = %s", (name,))\n',
      'cursor.execute(f"SELECT * FROM {table} WHERE name = %s", (name,))\n',
      "cursor.execute(f\"SELECT * FROM t WHERE id IN ({','.join('?' * len(ids))})\", ids)\n",
      'log.info(f"select this from that = {name}")\n',
    ],
  },
  {
    rule: "python/shell-injection",
    language: "python",
    finds: ["os.system(f'convert {name} out.png')\n", "subprocess.run('tar xf ' + archive, shell=True)\n"],
    passes: [
      "subprocess.run(['tar', 'xf', archive])\n",
      "os.system('sync')\n",
      "subprocess.run(f'tar xf {shlex.quote(archive)}', shell=True)\n",
    ],
  },
  {
    rule: "python/mutable-default",
    language: "python",
    finds: [
      "def add(row, rows=[]):\n    rows.append(row)\n    return rows\n",
      "def count(word, totals: dict = {}):\n    totals[word] = 1\n    return totals\n",
    ],
    passes: [
      "def add(row, rows=None):\n    rows = rows or []\n    rows.append(row)\n    return rows\n",
      "def show(rows=[]):\n    for row in rows:\n        print(row)\n",
      "def area(shape, cache={}):\n    cache[shape] = 1\n",
      "def add(row, rows=()):\n    return [*rows, row]\n",
    ],
  },
  {
    rule: "python/unsafe-pickle",
    language: "python",
    finds: ["state = pickle.loads(base64.b64decode(cookie))\n", "job = pickle.loads(request.data)\n"],
    passes: ["job = json.loads(request.data)\n", "job = pickle.loads(cached)\n"],
  },
  {
    rule: "python/request-without-timeout",
    language: "python",
    finds: ["answer = requests.get(url)\n", "requests.post(url, json=order)\n"],
    passes: ["requests.get(url, timeout=10)\n", "requests.get(url, **options)\n", "session.get(url)\n"],
  },
  {
    rule: "python/coroutine-not-awaited",
    language: "python",
    finds: [
      "async def send(x):\n    return x\n\nsend(1)\n",
      "async def save(order):\n    await put(order)\n\nasync def done(order):\n    save(order)\n",
    ],
    passes: [
      "async def save(order):\n    await put(order)\n\nasync def done(order):\n    await save(order)\n",
      "def save(order):\n    put(order)\n\ndef done(order):\n    save(order)\n",
      "async def save(o):\n    await put(o)\n\ndef main():\n    asyncio.run(save(1))\n",
    ],
  },
  {
    rule: "python/changed-while-iterated",
    language: "python",
    finds: [
      "for n in self.names:\n    self.names.remove(n)\n    log(n)\n",
      "for item in items:\n    if item.old:\n        items.remove(item)\n",
    ],
    passes: [
      "for item in list(items):\n    if item.old:\n        items.remove(item)\n",
      "for item in items:\n    if item.old:\n        items.remove(item)\n        break\n",
    ],
  },
  {
    rule: "python/code-injection",
    language: "python",
    finds: ['answer = eval(f"{a} {operator} {b}")\n', "value = eval(request.args['x'])\n"],
    passes: ["value = ast.literal_eval(text)\n", "model.eval()\n", "value = eval('1 + 1')\n"],
  },
];
