import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type FaultProxy, startFaultProxy } from "./src/fault-proxy.ts";

/** A client, with all that it has heard. */
interface Client {
  readonly socket: Socket;
  heard(): string;
  /** `end`: the server's side ended in order; an error's code where the connection broke. */
  ended(): string | undefined;
}

let open: DisposableStack;
let proxy: FaultProxy;
/** What came to the server, in its order, whoever sent it. */
let arrived: string;
let servers: Socket[];
/** All that came to the proxy from either side. */
let seen: string;

beforeEach(async () => {
  open = new DisposableStack();
  arrived = "";
  seen = "";
  servers = [];
  // Says back what it hears.
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    servers.push(socket);
    socket.on("error", () => {});
    socket.on("data", (chunk: Buffer) => {
      arrived += chunk.toString();
      socket.write(chunk);
    });
    socket.on("end", () => socket.end());
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  open.defer(() => server.close());
  const see = (chunk: Buffer) => (seen += chunk.toString());
  const { port } = server.address() as AddressInfo;
  proxy = await startFaultProxy(`http://127.0.0.1:${port}`, () => ({ sent: see, answered: see }));
});
afterEach(async () => {
  open.dispose();
  await proxy[Symbol.asyncDispose]();
});

function join(): Client {
  const { hostname, port } = new URL(proxy.url);
  const socket = connect({ host: hostname, port: Number(port), allowHalfOpen: true });
  open.defer(() => socket.destroy());
  let heard = "";
  let ended: string | undefined;
  socket.on("data", (chunk: Buffer) => (heard += chunk.toString()));
  socket.on("end", () => (ended ??= "end"));
  socket.on("error", (error: NodeJS.ErrnoException) => (ended ??= error.code));
  return { socket, heard: () => heard, ended: () => ended };
}

/** A client whom the server has answered. */
async function joinAndTalk(): Promise<Client> {
  const client = join();
  client.socket.write("hello ");
  await expect.poll(client.heard).toBe("hello ");
  return client;
}

test("passes on what either side says, and its end", async () => {
  const client = await joinAndTalk();
  client.socket.write("there ");
  await expect.poll(client.heard).toBe("hello there ");
  client.socket.end("bye");
  await expect.poll(client.ended).toBe("end");
  expect(client.heard()).toBe("hello there bye");
  expect(arrived).toBe("hello there bye");
});

test("latency delays each way, keeps the order, and ends", async () => {
  const client = await joinAndTalk();
  await proxy.become({ latencyMs: 100 });
  const start = performance.now();
  client.socket.write("1 ");
  await expect.poll(() => arrived).toBe("hello 1 ");
  client.socket.write("2 ");
  await expect.poll(client.heard).toBe("hello 1 2 ");
  // The time is what was asked for: there and back, less what a timer may come early.
  expect(performance.now() - start).toBeGreaterThan(190);
  client.socket.write("3 ");
  await proxy.become("pass");
  client.socket.write("4 ");
  await expect.poll(client.heard).toBe("hello 1 2 3 4 ");
});

test("a black hole takes all, says nothing, and passes on what it kept when it ends", async () => {
  const before = await joinAndTalk();
  await proxy.become("black hole");
  const during = join();
  during.socket.write("new ");
  before.socket.write("old ");
  servers[0]?.write("answer ");
  await expect.poll(() => seen.split(" ").toSorted()).toEqual(["", "answer", "hello", "hello", "new", "old"]);
  before.socket.end();
  expect([before.heard(), during.heard(), arrived]).toEqual(["hello ", "", "hello "]);
  expect([before.ended(), during.ended()]).toEqual([undefined, undefined]);

  await proxy.become("pass");
  await expect.poll(before.ended).toBe("end");
  expect(before.heard()).toBe("hello answer old ");
  await expect.poll(during.heard).toBe("new ");
});

test("a reset breaks what is open, with what a black hole kept; who comes then passes", async () => {
  const client = await joinAndTalk();
  await proxy.become("black hole");
  client.socket.write("lost ");
  proxy.reset();
  await expect.poll(client.ended).toBe("ECONNRESET");
  await proxy.become("pass");
  await joinAndTalk();
  expect(arrived).toBe("hello hello ");
});

test("new connections can be reset, while those that are open pass", async () => {
  const client = await joinAndTalk();
  await proxy.become("reset new");
  const next = join();
  await expect.poll(next.ended).toBe("ECONNRESET");
  client.socket.write("still ");
  await expect.poll(client.heard).toBe("hello still ");
  await proxy.become("pass");
  await joinAndTalk();
});

test("what is forgotten stays silent, and whoever comes then passes", async () => {
  const client = await joinAndTalk();
  proxy.forget();
  client.socket.end("lost ");
  servers[0]?.write("lost ");
  await expect.poll(() => seen).toBe("hello hello lost lost ");
  await proxy.become("black hole");
  await proxy.become("pass");
  await joinAndTalk();
  expect([client.heard(), client.ended(), arrived]).toEqual(["hello ", undefined, "hello hello "]);
});

test("a half-closed connection still carries what the client says", async () => {
  const client = await joinAndTalk();
  proxy.halfClose();
  await expect.poll(client.ended).toBe("end");
  client.socket.write("heard");
  await expect.poll(() => arrived).toBe("hello heard");
  expect(client.heard()).toBe("hello ");
});

test("refuses as a server does that is away, and is back at the same address", async () => {
  const client = await joinAndTalk();
  await proxy.become("refuse");
  await expect.poll(client.ended).toBe("ECONNRESET");
  const early = join();
  await expect.poll(early.ended).toBe("ECONNREFUSED");
  await proxy.become("refuse");
  await proxy.become("pass");
  await joinAndTalk();
});

test("to whoever comes while the server itself is away, the connection ends", async () => {
  await using alone = await startFaultProxy("http://127.0.0.1:1");
  const { hostname, port } = new URL(alone.url);
  const socket = connect({ host: hostname, port: Number(port) });
  await once(socket, "close");
});
