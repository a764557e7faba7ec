const levels: Readonly<Record<string, string>> = {
  trace: "\u001B[90mtrace\u001B[0m",
  debug: "\u001B[90mdebug\u001B[0m",
  info: "\u001B[32minfo \u001B[0m",
  warn: "\u001B[33mwarn \u001B[0m",
  error: "\u001B[31merror\u001B[0m",
  fatal: "\u001B[41mfatal\u001B[0m",
};

/**
 * One log line of JSON as a person wants it: `14:03:07.120 info  auth  listening  port=8000`, with an
 * error's stack below. Takes and gives the line break at the end. A line that is not JSON is given as it is.
 */
export function readableLine(line: string): string {
  const record = parseRecord(line);
  if (record === undefined) return line;
  const { time, level, service, msg, err, ...rest } = record;
  const head = [
    String(time).slice(11, 23),
    levels[String(level)] ?? String(level),
    service,
    ...(msg === undefined ? [] : [msg]),
  ];
  const fields = Object.entries(rest).map(([name, value]) => `${name}=${shown(value)}`);
  return `${[head.join("  "), ...fields].join("  ")}\n${stackOf(err, "")}`;
}

function parseRecord(line: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function shown(value: unknown): string {
  return typeof value === "string" && !/[\s"=]/.test(value) ? value : JSON.stringify(value);
}

function stackOf(error: unknown, prefix: string): string {
  if (error === undefined) return "";
  if (!isRecord(error)) return `  ${prefix}${shown(error)}\n`;
  const { type, message, stack, cause, ...rest } = error;
  const text = typeof stack === "string" ? stack : `${String(type)}: ${String(message)}`;
  const fields = Object.entries(rest).map(([name, value]) => `  ${name}=${shown(value)}`);
  const lines = [prefix + text, ...fields].join("\n").replaceAll("\n", "\n  ");
  return `  ${lines}\n${stackOf(cause, "caused by ")}`;
}
