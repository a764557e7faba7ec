/** What a block's lines may have before them: its number and mark in a diff, quotes, a comment's sign. */
const prefix = /^\s*(?:\d{1,9} [+ ]|[-+])?\s*(?:\/\/|#|\*|>)?\s*["'`]?/;
const suffix = /(?:\\[nr]|["'`,;\\\s.)]|(?<=["'`\s])\+)*$/;

const begin = /-----BEGIN [A-Z\d ]{0,40}PRIVATE KEY(?: BLOCK)?-----|Private-Lines: \d/;
const end = /-----END [A-Z\d ]{0,40}PRIVATE KEY(?: BLOCK)?-----|Private-MAC: /;
/** What RSA, EC and OpenSSH keys begin with in base64: of a block, a diff may show the middle alone. */
const head = /^(?:MII[A-Za-z\d+/]{2,6}IBA|MHcCAQEE|MIG[A-Z]AgEA|b3BlbnNzaC1rZXktdjEA)/;

/** A header within a block (of PEM and PGP), or an empty line. */
const header = /^$|^(?:Proc-Type|DEK-Info|Version|Comment|Hash): /;
/** A block's last line may be short, and then looks as a word does. */
const shortestLine = 16;

/**
 * Masks what is between the lines that begin and end a private key, line by line, so that no line moves. A block that
 * begins or ends outside of the text is followed as far as its lines look like base64.
 */
export function maskPrivateKeys(text: string, mask: (secret: string) => string): string {
  if (!/PRIVATE KEY|Private-|MII|MHcC|MIG|b3BlbnNz/.test(text)) return text;
  const lines = text.split("\n");
  const inside = new Set<number>();
  const extend = (from: number, step: 1 | -1): void => {
    for (let at = from, short = false; at >= 0 && at < lines.length; at += step) {
      const body = bodyOf(lines[at] ?? "");
      if (inside.has(at) || body === undefined || short) return;
      // Going up, the short line is the first that is met.
      if (body.length < shortestLine && !header.test(body)) {
        if (step === 1) short = true;
        else if (at !== from) return;
      }
      inside.add(at);
    }
  };
  for (const [at, line] of lines.entries()) {
    if (begin.test(line)) extend(at + 1, 1);
    else if (head.test(stripped(line))) extend(at, 1);
    if (end.test(line)) extend(at - 1, -1);
  }
  return lines.map((line, at) => (inside.has(at) ? maskBody(line, mask) : maskInline(line, mask))).join("\n");
}

/** The base64 of a block's line, a header of it, or undefined for what is neither. */
function bodyOf(line: string): string | undefined {
  const body = stripped(line);
  return header.test(body) || /^[A-Za-z\d+/]{1,4000}={0,2}$|^=[A-Za-z\d+/]{4}$/.test(body) ? body : undefined;
}

function stripped(line: string): string {
  const rest = line.slice(prefix.exec(line)?.[0].length ?? 0);
  return rest.slice(0, endOf(rest));
}

/** Where a line's closing signs begin. Looked for from the end: a search from the left tries each run of them. */
function endOf(line: string): number {
  const tail = line.slice(-24);
  return line.length - (suffix.exec(tail)?.[0].length ?? 0);
}

function maskBody(line: string, mask: (secret: string) => string): string {
  const body = stripped(line);
  if (header.test(body)) return line;
  const at = prefix.exec(line)?.[0].length ?? 0;
  return line.slice(0, at) + mask(body) + line.slice(at + body.length);
}

/** A whole block on one line, with its line ends escaped. */
function maskInline(line: string, mask: (secret: string) => string): string {
  if (!begin.test(line)) return line;
  return line.replace(
    /(?<=PRIVATE KEY(?: BLOCK)?-----(?:\\[nr]|[\s"'+,]){0,8})(?:[A-Za-z\d+/=]|\\[nr]){16,}/g,
    (key) => mask(key),
  );
}
