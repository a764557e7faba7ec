import { describe, expect, it } from "vitest";
import { createPythonAnalyser } from "../src/python/python-analyser.ts";
import { ruffRules } from "../src/python/ruff-rules.ts";

const analyser = createPythonAnalyser();
const rulesIn = async (content: string, path = "src/shop.py") =>
  (await analyser.analyse({ path, content })).map(({ rule }) => rule);

/** What each rule of ruff that is asked finds, by its code. */
const examples: Record<string, string> = {
  F821: "print(totel)\n",
  F823: "total = 1\ndef f():\n    print(total)\n    total = 2\n",
  F811: "def test_a():\n    pass\n\ndef test_a():\n    pass\n",
  F601: "prices = {'a': 1, 'a': 2}\n",
  F502: "'%(a)s' % (1,)\n",
  F503: "'%s %s' % {'k': 1}\n",
  F505: "'%(a)s %(b)s' % {'a': 1}\n",
  F506: "'%s %(a)s' % {'a': 1}\n",
  F507: "'%s %s' % (1,)\n",
  F509: "'%y' % 1\n",
  F521: "'{'.format(1)\n",
  F524: "'{} {}'.format(1)\n",
  F525: "'{} {0}'.format(1)\n",
  PLE1300: "'%z' % 1\n",
  PLE1307: "'%d' % '1'\n",
  PLE1205: "import logging\nlogging.error('%s', 1, 2)\n",
  PLE1206: "import logging\nlogging.error('%s %s', 1)\n",
  F631: "assert (total > 0, 'must be positive')\n",
  F632: "if state is 'paid':\n    ship()\n",
  F634: "if (a, b):\n    pass\n",
  F901: "def f():\n    raise NotImplemented\n",
  B002: "n = 1\nprint(++n)\n",
  B003: "import os\nos.environ = {}\n",
  B005: "name = 'a'\nname.strip('https://')\n",
  B012: "def f():\n    try:\n        g()\n    finally:\n        return 1\n",
  B015: "x = 1\nx == 2\n",
  B016: "raise 'no'\n",
  B025: "try:\n    f()\nexcept ValueError:\n    pass\nexcept ValueError:\n    pass\n",
  B029: "try:\n    f()\nexcept ():\n    pass\n",
  B032: "orders = {}\norders['a']: 1\n",
  B034: "import re\nre.sub('a', 'b', 'c', re.I)\n",
  B035: "{'k': n for n in [1]}\n",
  B039: "from contextvars import ContextVar\nv = ContextVar('v', default=[])\n",
  PLE0100: "class A:\n    def __init__(self):\n        yield 1\n",
  PLE0302: "class A:\n    def __enter__(self, x):\n        pass\n",
  PLE0303: "class A:\n    def __len__(self):\n        return 'a'\n",
  PLE0304: "class A:\n    def __bool__(self):\n        return 'a'\n",
  PLE0307: "class A:\n    def __str__(self):\n        return 1\n",
  PLE0308: "class A:\n    def __bytes__(self):\n        return 1\n",
  PLE0309: "class A:\n    def __hash__(self):\n        return 'a'\n",
  PLE0604: "__all__ = [1]\n",
  PLE0237: "class A:\n    __slots__ = ('a',)\n    def __init__(self):\n        self.b = 1\n",
  PLE0241: "class A(object, object):\n    pass\n",
  PLE1507: "import os\nos.getenv(1)\n",
  PLW0129: "assert 'a'\n",
  PLW0177: "import math\nif 1 == math.nan:\n    pass\n",
  PLW0245: "class A(B):\n    def f(self):\n        super.f()\n",
  PLW0711: "try:\n    f()\nexcept KeyError or ValueError:\n    g()\n",
  PLW1501: "open('a', 'rwx')\n",
  PLW1507: "import copy, os\ncopy.copy(os.environ)\n",
  PLW2101: "import threading\nwith threading.Lock():\n    pass\n",
  RUF008: "from dataclasses import dataclass\n@dataclass\nclass A:\n    xs: list = []\n",
  RUF016: "[1]['a']\n",
  RUF024: "dict.fromkeys('ab', [])\n",
  RUF026: "from collections import defaultdict\ndefaultdict(default_factory=list)\n",
  RUF030: "assert x, print('no')\n",
  RUF064: "import os\nos.chmod('a', 644)\n",
  NPY001: "import numpy as np\nnp.int\n",
  INT001: "from gettext import gettext as _\n_(f'hello {name}')\n",
  T100: "breakpoint()\n",
  PLE2502: "x = 'a\u202eb'\n",
  PLE2510: "x = 'a\bb'\n",
  PLE2512: "x = 'a\u001ab'\n",
  PLE2513: "x = 'a\u001bb'\n",
  PLE2515: "x = 'a\u200bb'\n",
  S201: "from flask import Flask\napp = Flask('a')\napp.run(host='0.0.0.0', debug=True)\n",
  S304: "from cryptography.hazmat.primitives.ciphers import algorithms\nalgorithms.ARC4(key)\n",
  S305: "from cryptography.hazmat.primitives.ciphers import modes\nmodes.ECB()\n",
  S306: "import tempfile\ntempfile.mktemp()\n",
  S502: "import ssl\nssl.wrap_socket(ssl_version=ssl.PROTOCOL_SSLv3)\n",
  S503: "import ssl\ndef f(version=ssl.PROTOCOL_SSLv3):\n    pass\n",
  S505: "from cryptography.hazmat.primitives.asymmetric import rsa\nrsa.generate_private_key(65537, 1024)\n",
  S506: "import yaml\nyaml.load(text)\n",
  S507: "from paramiko import client\nc = client.SSHClient()\nc.set_missing_host_key_policy(client.AutoAddPolicy)\n",
  S612: "import logging.config\nlogging.config.listen(9999)\n",
  S704: "from markupsafe import Markup\nMarkup(f'<b>{name}</b>')\n",
  ASYNC210: "import requests\nasync def f():\n    requests.get(url, timeout=1)\n",
  ASYNC220: "import subprocess\nasync def f():\n    subprocess.Popen(['a'])\n",
  ASYNC221: "import subprocess\nasync def f():\n    subprocess.run(['a'])\n",
  ASYNC222: "import os\nasync def f():\n    os.wait()\n",
  ASYNC251: "import time\nasync def poll():\n    time.sleep(5)\n",
  ASYNC105: "import trio\nasync def f():\n    trio.sleep(1)\n",
  RUF006: "import asyncio\nasync def f():\n    asyncio.create_task(g())\n",
};

it("has an example for every rule that it asks for", () => {
  expect(Object.keys(examples).toSorted()).toEqual(Object.keys(ruffRules).toSorted());
});

it.each(Object.entries(examples))("finds %s: %j", async (code, content) => {
  expect(await rulesIn(content)).toContain(ruffRules[code]?.id);
});

describe("passes what looks like a defect", () => {
  it.each([
    "total = 1\nassert total > 0, 'total must be positive'\n",
    "total = 1\nassert (total > 0)\n",
    "state = 'a'\nif state == 'paid':\n    pass\nif state is None:\n    pass\n",
    "import math\nprice = float('nan')\nif math.isnan(price):\n    pass\n",
    "import yaml\nyaml.safe_load('a')\nyaml.load('a', Loader=yaml.SafeLoader)\n",
    "import asyncio\nasync def poll():\n    await asyncio.sleep(5)\n",
    "import asyncio, time\nasync def poll():\n    def work():\n        time.sleep(5)\n    await asyncio.to_thread(work)\n",
    "try:\n    pass\nexcept (KeyError, ValueError):\n    pass\n",
    "def f():\n    try:\n        pass\n    finally:\n        def h():\n            return 1\n        h()\n",
    "class A:\n    def __eq__(self, o):\n        return NotImplemented\n",
    "import tempfile\nfd, path = tempfile.mkstemp()\n",
    "from flask import Flask\napp = Flask('a')\napp.run(port=80)\n",
    // Style and opinions are no defects.
    "import os\nl = 1\ndef f(x = None, *, y = []):\n  if not x is None: return lambda: y\n  else: return x\n",
    "try:\n    import simplejson\nexcept ImportError:\n    simplejson = None\n",
    "try:\n    text = unicode\nexcept NameError:\n    text = str\n",
    "globals().update(ONE=1)\nprint(ONE)\n",
  ])("%j", async (content) => {
    expect(await rulesIn(content)).toEqual([]);
  });
});

it("spares tests where a defect does no harm in them", async () => {
  expect(await rulesIn(examples.S506 ?? "", "tests/test_shop.py")).toEqual(["python/undefined-name"]);
});

it.each(["# noqa", "# NoQA: B016", "# ruff: noqa", "# type: ignore  # noqa"])(
  "does not let the pull request switch it off: %s",
  async (comment) => {
    expect(await rulesIn(`${comment}\nraise 'no'  ${comment}\n`)).toEqual(["python/raise-literal"]);
  },
);

it("names an undefined name once, where it stands first", async () => {
  const findings = await analyser.analyse({
    path: "a.py",
    content: "print(totel)\nprint(totel)\nprint(totle)\n",
  });
  expect(findings.map(({ startLine }) => startLine)).toEqual([1, 3]);
});

it("tells lines as git counts them", async () => {
  const content = "\ufeffa = 'x\u2028y'\r\nb = 1 \f\r\nraise 'no'\r\n";
  const [finding] = await analyser.analyse({ path: "a.py", content });
  expect(finding).toMatchObject({ startLine: 3, endLine: 3 });
});

it("says which line it cannot parse, and quotes nothing of it", async () => {
  await expect(rulesIn("a = 1\ndef secret(:\n")).rejects.toThrow(/^line 2 is not valid Python 3$/);
});
