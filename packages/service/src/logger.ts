import { pino, type DestinationStream, type Logger, type LoggerOptions } from "pino";
import { readableLine } from "./readable-line.ts";
import { redact, scrubLine } from "./redaction.ts";

export type { Logger };

export interface LogOptions {
  readonly service: string;
  /** `silent` logs nothing. */
  readonly level: "fatal" | "error" | "warn" | "info" | "debug" | "trace" | "silent";
  /** Lines for a person instead of JSON. */
  readonly pretty?: boolean;
  /** Where lines go; standard output where it is not given. */
  readonly destination?: DestinationStream;
}

/**
 * A logger that writes one line an entry, and no secrets: values under a secret's name are replaced before
 * they are serialised, and whatever has a secret's form is cut out of the finished line, wherever it came
 * from (a message, a stack, a child logger's bindings).
 *
 * Writing is synchronous, so that the last line before an exit is not lost.
 */
export function createLogger({ service, level, pretty = false, destination }: LogOptions): Logger {
  const output = destination ?? pino.destination({ fd: 1, sync: true });
  const options: LoggerOptions = {
    level,
    base: { service },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: {
      level: (label) => ({ level: label }),
      log: (entry) => Object(redact(entry)),
    },
    // Errors are plain objects by now; pino's own serialiser would fold their causes into one text.
    serializers: { err: (error: unknown) => error },
    hooks: { streamWrite: scrubLine },
  };
  return pino(options, pretty ? { write: (line) => output.write(readableLine(line)) } : output);
}
