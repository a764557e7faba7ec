const redacted = "[redacted]";
const depthLimit = 8;
const entryLimit = 100;
const textLimit = 8192;

const secretNames =
  /^(?:proxyauthorization|setcookie2?|cookies?|passwd|passphrase|apikey|signingkey|codeverifier)$/;
const secretEndings = /(?:authorization|token|secret|password|apikey|secretkey|privatekey|credentials?)$/;

/** What a `code` may hold and be shown: ECONNREFUSED, a SQLSTATE, bad_verification_code. OAuth's codes have none of these forms. */
const errorCode = /^(?:[A-Z][A-Z0-9_]+|[0-9A-Z]{5}|[a-z]+(?:[_.-][a-z]+)+)$/;

/** Fields in which PostgreSQL's errors quote the rows and values at fault, such as code under review. */
const quotingFields = new Set(["detail", "where", "internalQuery"]);

/**
 * A copy of `value` that is safe to log: whatever stands under a secret's name is replaced, errors become
 * plain objects with their causes, and depth, width and text length are bounded. Numbers and booleans are
 * kept under any name: they are counts and flags. Text is not searched here; {@link scrubLine} does that.
 */
export function redact(value: unknown): unknown {
  return copy(value, 0, new Set());
}

function copy(value: unknown, depth: number, above: Set<object>): unknown {
  if (typeof value === "string") {
    return value.length > textLimit ? `${value.slice(0, textLimit)}… (${value.length} characters)` : value;
  }
  if (typeof value === "bigint" || typeof value === "symbol") return String(value);
  if (typeof value === "function") return undefined;
  if (typeof value !== "object" || value === null) return value;
  if (value instanceof Date || value instanceof URL) return String(value.toJSON());
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
  if (above.has(value)) return "[circular]";
  if (depth >= depthLimit) return "[too deep]";
  above.add(value);
  try {
    return copyObject(value, depth + 1, above);
  } finally {
    above.delete(value);
  }
}

function copyObject(value: object, depth: number, above: Set<object>): unknown {
  if (value instanceof Headers || value instanceof Map) return copyEntries([...value], depth, above);
  if (Array.isArray(value) || value instanceof Set) {
    return [...value].slice(0, entryLimit).map((item) => copy(item, depth, above));
  }
  if (!(value instanceof Error)) return copyEntries(Object.entries(value), depth, above);
  const fields = Object.entries(value).filter(([name]) => !quotingFields.has(name));
  const entries = copyEntries(fields, depth, above);
  return {
    type: value.name,
    message: copy(value.message, depth, above),
    stack: copy(value.stack, depth, above),
    ...(value.cause === undefined ? {} : { cause: copy(value.cause, depth, above) }),
    ...(value instanceof AggregateError ? { errors: copy(value.errors, depth, above) } : {}),
    ...entries,
  };
}

function copyEntries(entries: Iterable<[unknown, unknown]>, depth: number, above: Set<object>): object {
  const result: Record<string, unknown> = {};
  for (const [key, value] of [...entries].slice(0, entryLimit)) {
    const name = String(key);
    result[name] = isSecret(name, value) ? redacted : copy(value, depth, above);
  }
  return result;
}

function isSecret(name: string, value: unknown): boolean {
  if (value === null || (typeof value !== "string" && typeof value !== "object")) return false;
  const plain = name.toLowerCase().replaceAll(/[_\s-]/g, "");
  if (plain === "code") return typeof value !== "string" || !errorCode.test(value);
  return secretNames.test(plain) || secretEndings.test(plain) || name.endsWith("_KEY");
}

/** Names of secrets as they stand in text: in a header, a form's body, or JSON and inspected objects within a message. */
const nameInText =
  "(?:(?:proxy-)?authorization|(?:set-)?cookie|(?:access|refresh)[_-]?token|(?:client|webhook)[_-]?secret|" +
  "(?:secret|private|api)[_-]?key|code[_-]?verifier|password)";

// A value ends at the first quote, backslash or space, so that a line of JSON stays one.
const patterns: readonly [RegExp, string][] = [
  // GitHub's tokens, keys of model providers, JSON web tokens, Fernet tokens: known by their form alone.
  [
    /gh[opsur]_\w{16,}|github_pat_\w{16,}|sk-[\w-]{16,}|eyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*|gAAAA[\w-]{32,}=*/g,
    redacted,
  ],
  [/\b((?:bearer|basic)\s+)[\w.~+/-]{6,}=*/gi, `$1${redacted}`],
  // https://user:password@host, and https://token@host
  [/(:\/\/[^\s:/@"'\\]*:)[^\s/@"'\\]+(?:@[^\s/@"'\\]+)*(?=@)/g, `$1${redacted}`],
  [/(:\/\/)[^\s:/@"'\\]{16,}(?=@)/g, `$1${redacted}`],
  // ?code=...&state=..., and the same in a form's body. Short values are kept: state=open, code=E2.
  [/(?<![\w-])((?:code|state|ticket|token|secret|signature)=)[^\s"'\\&#]{8,}/gi, `$1${redacted}`],
  // "token":"...", 'token': '...', \"token\":\"...\"
  [
    quoted(`(?:[\\w-]{0,40}${nameInText}|token|secret)`, String.raw`(?:(?:token|bearer|basic) )?[^\s"'\\]+`),
    `$1${redacted}`,
  ],
  // An OAuth code is one run of letters and digits; the codes of errors are shorter or hold an underscore.
  [quoted("code", String.raw`[A-Za-z0-9-]{16,}(?=\\*["'])`), `$1${redacted}`],
  // authorization: token ..., client_secret=...
  [
    new RegExp(
      String.raw`(${nameInText}(?:=|\s*:\s*)\\*["']?(?:(?:token|bearer|basic) )?)[^\s"'\\&,;[\]{}]+`,
      "gi",
    ),
    `$1${redacted}`,
  ],
];

function quoted(name: string, value: string): RegExp {
  return new RegExp(
    String.raw`((?:"${name}\\*"|'${name}'|(?<![\w-])${name})\s*:\s*\[?\s*\\*["'])${value}`,
    "gi",
  );
}

/**
 * Replaces what has a secret's form inside of text: tokens, passwords in addresses, codes in query strings.
 * Replacing never takes a quote or a backslash, so a line of JSON stays valid JSON.
 */
export function scrubLine(line: string): string {
  return patterns.reduce((text, [pattern, replacement]) => text.replace(pattern, replacement), line);
}
