import type { LinterRule } from "../linter-rule.ts";

const security = { severity: "moderate", category: "security", tests: "skip" } as const;
const cipher = {
  ...security,
  id: "python/broken-cipher",
  title: "The cipher does not hide its content",
  body: "DES, RC4 and Blowfish are broken, and ECB encrypts equal blocks to equal blocks. Use AES-GCM.",
  reference: "CWE-327",
};
const oldTls = {
  ...security,
  id: "python/old-tls",
  title: "An old version of TLS is accepted",
  body: "SSL and TLS before 1.2 can be broken on the way. Use `ssl.create_default_context()`.",
  reference: "CWE-327",
};
const hiddenCharacter = {
  ...security,
  id: "python/hidden-character",
  title: "An invisible character stands in the code",
  body: "The code may do something else than what it shows to its reader. Write the character as an escape.",
  reference: "CWE-1007",
};

/** Rules of ruff on security, by their codes. */
export const ruffSecurityRules: Readonly<Record<string, LinterRule>> = {
  PLE2502: hiddenCharacter,
  PLE2510: hiddenCharacter,
  PLE2512: hiddenCharacter,
  PLE2513: hiddenCharacter,
  PLE2515: { ...hiddenCharacter, severity: "minor" },
  S201: {
    ...security,
    id: "python/debug-server",
    title: "The debugger is open to everyone",
    body: "Flask's debugger runs any Python that a visitor types. Turn it on from the environment only.",
    reference: "CWE-489",
  },
  S304: cipher,
  S305: cipher,
  S306: {
    ...security,
    severity: "minor",
    id: "python/predictable-temporary-file",
    title: "Another program can take this file name first",
    body: "`mktemp` only names a file that does not exist yet. Use `NamedTemporaryFile` or `mkstemp`, which make it.",
    reference: "CWE-377",
  },
  S502: oldTls,
  S503: oldTls,
  S505: {
    ...security,
    id: "python/short-key",
    title: "The key is too short",
    body: "Keys of this length can be broken. Use 2048 bits or more for RSA and DSA, 224 or more for curves.",
    reference: "CWE-326",
  },
  S506: {
    ...security,
    id: "python/unsafe-yaml",
    title: "YAML is loaded with a loader that can run code",
    body: "A document can name any Python object to build, and so run commands. Use `yaml.safe_load`.",
    reference: "CWE-502",
  },
  S507: {
    ...security,
    severity: "minor",
    id: "python/ssh-host-unverified",
    title: "The server's key is not checked",
    body: "Any machine on the way can answer in the server's name. Load the known keys, and refuse others.",
    reference: "CWE-295",
  },
  S612: {
    ...security,
    id: "python/open-logging-listener",
    title: "Whoever reaches this port can run code",
    body: "A logging configuration may name any Python object to build. Pass `verify=`, which checks a signature.",
    reference: "CWE-94",
  },
  S704: {
    ...security,
    severity: "minor",
    id: "python/html-injection",
    title: "A value is taken for safe HTML",
    body: "`Markup` escapes nothing: a script in the value runs in the reader's session. Use `Markup.escape`.",
    reference: "CWE-79",
  },
};
