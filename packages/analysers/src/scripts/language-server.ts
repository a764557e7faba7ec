import { spawn } from "node:child_process";

/** One remark of a language server; severities from 1, an error, to 4, a hint; lines from 0, the end being the first position behind. */
export interface Diagnostic {
  readonly severity?: number;
  readonly code?: string;
  readonly message: string;
  readonly range: { readonly start: Position; readonly end: Position };
}

interface Position {
  readonly line: number;
  readonly character: number;
}

/** A language server's program, what it is told at its start, and its limits. */
export interface LanguageServerOptions {
  readonly args: readonly string[];
  /** The folder, which need not exist, under which the texts are said to lie. */
  readonly root: string;
  readonly initializationOptions: unknown;
  /** Milliseconds for one text. */
  readonly limitMs: number;
}

/** A language server that is asked about one text after the other; nothing is written to a file for it. */
export interface LanguageServer {
  /** @throws where the server ended, broke its protocol, or took too long; it is ended then */
  diagnose(path: string, languageId: string, text: string): Promise<Diagnostic[]>;
}

/** An answer may be as long as this, in bytes. */
const longestMessage = 64_000_000;

interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly params?: { readonly version?: number; readonly diagnostics?: readonly Diagnostic[] };
}

/** Who waits for an answer: there is one at a time. */
interface Waiting {
  hear(message: Message): void;
  fail(reason: Error): void;
}

/**
 * Starts a language server on Node (https://microsoft.github.io/language-server-protocol/). It gets no environment, and
 * ends when its input does, so that it does not outlive this process.
 */
export async function startLanguageServer(options: LanguageServerOptions): Promise<LanguageServer> {
  const child = spawn(process.execPath, options.args, { env: {}, stdio: ["pipe", "pipe", "ignore"] });
  let ended: Error | undefined;
  let waiting: Waiting | undefined;
  const end = (reason: string) => {
    ended ??= new Error(reason);
    child.kill("SIGKILL");
    waiting?.fail(ended);
  };
  child.on("error", () => end("its process could not be started"));
  child.on("exit", () => end("its process ended"));
  // Whoever writes to a process that is gone hears of it by its end.
  child.stdin.on("error", () => {});
  child.stdout.on(
    "data",
    messageReader(
      (message) => waiting?.hear(message),
      () => end("its answer is too long"),
    ),
  );

  const send = (message: object): void => {
    const body = JSON.stringify({ jsonrpc: "2.0", ...message });
    child.stdin.write(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
  };
  const answerTo = async (message: object, isAnswer: (message: Message) => boolean): Promise<Message> => {
    if (ended !== undefined) throw ended;
    const timer = setTimeout(() => end("took too long"), options.limitMs);
    const answer = Promise.withResolvers<Message>();
    waiting = { fail: answer.reject, hear: (said) => isAnswer(said) && answer.resolve(said) };
    send(message);
    try {
      return await answer.promise;
    } finally {
      clearTimeout(timer);
    }
  };

  const { root, initializationOptions } = options;
  const rootUri = fileUri(root);
  await answerTo(
    {
      id: 0,
      method: "initialize",
      params: { processId: null, rootUri, capabilities: {}, initializationOptions },
    },
    ({ id }) => id === 0,
  );
  send({ method: "initialized", params: {} });

  let version = 0;
  return {
    async diagnose(path, languageId, text) {
      version += 1;
      const uri = fileUri(`${root}/${path}`);
      const opened = {
        method: "textDocument/didOpen",
        params: { textDocument: { uri, languageId, version, text } },
      };
      const isAnswer = ({ method, params }: Message) =>
        method === "textDocument/publishDiagnostics" && params?.version === version;
      const { params } = await answerTo(opened, isAnswer);
      send({ method: "textDocument/didClose", params: { textDocument: { uri } } });
      return [...(params?.diagnostics ?? [])];
    },
  };
}

/** A path as an address; what would lead out of its folder is taken for a name. */
function fileUri(path: string): string {
  const names = path.split("/").map((name) => encodeURIComponent(/^\.+$/.test(name) ? `_${name}` : name));
  return `file://${names.join("/")}`;
}

/** Puts messages together from the pieces in which they come. */
function messageReader(hear: (message: Message) => void, tooLong: () => void): (piece: Buffer) => void {
  let pieces: Buffer[] = [];
  let size = 0;
  let wanted = 0;
  return (piece) => {
    pieces.push(piece);
    size += piece.length;
    // A long message comes in many pieces: they are joined when it is there, and not each time.
    while (size >= wanted && size > 0) {
      const all = Buffer.concat(pieces);
      pieces = [all];
      const head = all.indexOf("\r\n\r\n");
      if (head < 0) return size > longestMessage ? tooLong() : undefined;
      const length = Number(/Content-Length: (\d+)/i.exec(all.toString("latin1", 0, head))?.[1]);
      if (!(length <= longestMessage)) return tooLong();
      wanted = head + 4 + length;
      if (size < wanted) return;
      // Only the server that we started writes here.
      const message = JSON.parse(all.toString("utf8", head + 4, wanted)) as Message;
      const rest = all.subarray(wanted);
      pieces = rest.length > 0 ? [rest] : [];
      size = rest.length;
      wanted = 0;
      hear(message);
    }
  };
}
