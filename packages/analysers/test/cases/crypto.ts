import type { RuleCase } from "../rule-case.ts";

/** A password that looks real, put together here so that no scanner takes this file for a leak. */
const password = ["Gr3en", "Kettle", "77!"].join("");

export const cryptoCases: readonly RuleCase[] = [
  {
    rule: "script/tls-unverified",
    language: "typescript",
    finds: ["new Agent({ rejectUnauthorized: false });", "process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0';"],
    passes: ["new Agent({ rejectUnauthorized: true });", "new Agent({ rejectUnauthorized: !local });"],
  },
  {
    rule: "script/weak-random-secret",
    language: "typescript",
    finds: [
      "const token = Math.random().toString(36).slice(2);",
      "const user = { resetCode: Math.floor(Math.random() * 1e6) };",
      "function makeToken() {\n  return Math.random().toString(36);\n}",
    ],
    passes: [
      "const token = randomBytes(32).toString('hex');",
      "const delay = Math.random() * 100;",
      "const tokenCount = Math.floor(Math.random() * 5);",
    ],
  },
  {
    rule: "script/weak-password-hash",
    language: "typescript",
    finds: [
      "const hash = createHash('sha256').update(user.password).digest('hex');",
      "crypto.createHash('md5').update(password)",
    ],
    passes: ["createHash('sha256').update(body).digest('hex');", "await scrypt(password, salt, 64);"],
  },
  {
    rule: "script/broken-cipher",
    language: "typescript",
    finds: ["createCipheriv('aes-128-ecb', key, null);", "crypto.createCipheriv('des-ede3-cbc', key, iv);"],
    passes: ["createCipheriv('aes-256-gcm', key, iv);", "createHash('des-whatever');"],
  },
  {
    rule: "script/jwt-unverified",
    language: "typescript",
    finds: [
      "jwt.verify(token, key, { algorithms: ['HS256', 'none'] });",
      "jwt.verify(token, key, { ignoreExpiration: true });",
    ],
    passes: [
      "jwt.verify(token, key, { algorithms: ['HS256'] });",
      "fill({ display: 'none', ignoreExpiration: true });",
    ],
  },
  {
    rule: "script/cors-any-origin",
    language: "typescript",
    finds: [
      "const options = { credentials: true, origin: true };",
      "app.use(cors({ origin: true, credentials: true }));",
    ],
    passes: ["app.use(cors({ origin: allowed, credentials: true }));", "app.use(cors({ origin: true }));"],
  },
  {
    rule: "script/hard-coded-password",
    language: "typescript",
    finds: [`const db = { password: "${password}" };`, `const adminPassword = "${password}";`],
    passes: [
      "const db = { password: process.env.DB_PASSWORD };",
      'const labels = { password: "Password" };',
      'const labels = { password: "your-password1" };',
      `const title = "${password}";`,
    ],
  },
  {
    rule: "python/hard-coded-password",
    language: "python",
    finds: [`DB_PASSWORD = "${password}"\n`, `connect(password="${password}")\n`],
    passes: ["DB_PASSWORD = os.environ['DB_PASSWORD']\n", 'PASSWORD_FIELD = "password1"\n'],
  },
  {
    rule: "python/tls-unverified",
    language: "python",
    finds: ["requests.get(url, verify=False)\n", "client = httpx.Client(verify=False)\n"],
    passes: ["requests.get(url, verify='ca.pem')\n", "form.save(verify=False)\n"],
  },
  {
    rule: "python/weak-random-secret",
    language: "python",
    finds: [
      "token = ''.join(random.choice(letters) for _ in range(32))\n",
      "self.otp = random.randint(100000, 999999)\n",
    ],
    passes: ["token = secrets.token_hex(16)\n", "delay = random.random()\n"],
  },
  {
    rule: "python/weak-password-hash",
    language: "python",
    finds: ["stored = sha1(user.password).hexdigest()\n", "h = hashlib.md5(password.encode()).hexdigest()\n"],
    passes: [
      "h = hashlib.sha256(body).hexdigest()\n",
      "h = hashlib.scrypt(password.encode(), salt=salt, n=16384, r=8, p=1)\n",
    ],
  },
  {
    rule: "python/jwt-unverified",
    language: "python",
    finds: [
      "jwt.decode(token, key, algorithms=['none'])\n",
      "claims = jwt.decode(token, options={'verify_signature': False})\n",
    ],
    passes: ["claims = jwt.decode(token, key, algorithms=['HS256'])\n", "claims = base64.decode(token)\n"],
  },
];
