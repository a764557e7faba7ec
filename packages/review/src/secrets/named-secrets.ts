import { isPlaceholder, looksRandom } from "./random-looking.ts";

/** A secret that only the words before it give away. */
export interface NamedForm {
  readonly kind: string;
  /** Global, and linear on any text. `before` stays, `secret` goes. */
  readonly pattern: RegExp;
  readonly isSecret: (secret: string, before: string) => boolean;
}

/** What stands before each of them: a text without it is not looked through eight times. */
export const anyName = /passw|passphrase|pwd|secret|token|credential|key|auth|bearer|basic|aws|:\/\//i;

export const namedForms: readonly NamedForm[] = [
  {
    kind: "password",
    pattern:
      /(?<before>[a-z][a-z\d+.-]{1,15}:\/\/[^\s:/@?#"'`<>[\]]{0,100}:)(?<secret>[^\s/"'`<>[\]]{3,200})(?=@[\w.$[-])/gi,
    isSecret: (secret, before) =>
      !isPlaceholder(secret) &&
      !before.endsWith(`/${secret}:`) &&
      !/^(?:[a-z]{1,8}|p[a@]ss\w*|postgres\w*)$/i.test(secret),
  },
  {
    kind: "credential of a header",
    pattern:
      /(?<before>authorization["'`\]]{0,2}\s{0,4}[:=,]\s{0,4}["'`]?(?:bearer|basic|token|digest|apikey|bot)\s{1,4})(?<secret>[\w.~+/=-]{8,2000})/gi,
    isSecret: (secret) =>
      looksRandom(secret) || (secret.length >= 12 && /=$|\d/.test(secret) && !isPlaceholder(secret)),
  },
  {
    kind: "credential of a header",
    pattern: /(?<before>\b(?:bearer|basic)\s{1,4})(?<secret>[\w.~+/=-]{16,2000})/gi,
    isSecret: looksRandom,
  },
  {
    kind: "AWS secret access key",
    pattern:
      /(?<before>(?:aws|secret)[\w.-]{0,30}["'`\]]{0,2}\s{0,8}(?::=|=>|=|:)\s{0,8}["'`]?)(?<secret>[A-Za-z\d+/]{40})(?![\w+/=[])/gi,
    isSecret: looksRandom,
  },
  {
    kind: "npm access token",
    pattern: /(?<before>:_(?:authToken|auth|password)\s{0,4}=\s{0,4}["']?)(?<secret>[\w+/=.-]{8,500})/g,
    isSecret: (secret) => !isPlaceholder(secret),
  },
  ...['"', "'", "`"].map((quote) => quotedValue(quote)),
  {
    kind: "secret value",
    pattern: new RegExp(
      `${secretName()}(?:\\s{0,4}=\\s{0,4}|:\\s{1,4}))(?<secret>[\\w+/=~!@#%^&*-]{16,500})(?=\\s|$)`,
      "gim",
    ),
    isSecret: (secret) => looksRandom(secret) && /\d/.test(secret),
  },
];

/** A string in quotes behind a name that says it is one: assigned, an entry, or the next argument. */
function quotedValue(quote: string): NamedForm {
  return {
    kind: "secret value",
    pattern: new RegExp(
      `${secretName()}(?:\\s{0,8}:\\s{0,2}\\w{1,20})?\\s{0,8}(?::=|=>|===?|=|:|,|\\()\\s{0,8}${quote})(?<secret>[^\\s${quote}\\\\]{8,500})(?=${quote})`,
      "gi",
    ),
    // What stands beside such a name in a list is mostly another name.
    isSecret: (secret, before) => looksRandom(secret) && (secret.length >= 16 || !/[,(]\s*.$/.test(before)),
  };
}

/** The beginning of a pattern: a name, its quotes or bracket, with `before` left open. */
function secretName(): string {
  const words =
    "passw(?:or)?d|passwd|passphrase|pwd|secret|token|credential|api[_-]?key|(?:access|account|private|encryption|signing|master|session)[_-]?key|auth[_-]?key";
  return `(?<before>(?:${words})[\\w.-]{0,30}["'\`\\]]{0,2}`;
}
