import { type ChildProcess, spawn } from "node:child_process";
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findFreePort } from "@nectr/local";

/** What nginx's image takes from the environment. */
export interface GatewayVariables {
  readonly AUTH_URL: string;
  readonly INGEST_URL: string;
  readonly TRUSTED_PROXY: string;
}

export interface Answer {
  readonly status: number;
  readonly body: string;
}

/** A real nginx with the shipped template, filled in as nginx's image does it. */
export interface RunningGateway extends AsyncDisposable {
  /** Sends the path exactly as it is written, which `fetch` would not. */
  send(options: {
    method?: string;
    path: string;
    headers?: Record<string, string>;
    body?: Uint8Array;
  }): Promise<Answer>;
}

/** @throws Error with nginx's own words where it does not come up. */
export async function startGateway(variables: GatewayVariables): Promise<RunningGateway> {
  const folder = mkdtempSync(join(tmpdir(), "nectr-gateway-"));
  // Started by root, nginx's workers are another account, and keep large bodies here for a while.
  chmodSync(folder, 0o755);
  const port = await findFreePort();
  writeFileSync(
    join(folder, "server.conf"),
    render({ ...variables, NGINX_LOCAL_RESOLVERS: "127.0.0.1" }, port),
  );
  writeFileSync(join(folder, "nginx.conf"), wrapper(folder));
  const nginx = spawn("nginx", ["-p", folder, "-c", join(folder, "nginx.conf")], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  await workersStarted(nginx);
  return {
    send: (options) => sendRaw({ ...options, port }),
    async [Symbol.asyncDispose]() {
      const exited = new Promise((resolve) => nginx.once("exit", resolve));
      nginx.kill("SIGTERM");
      await exited;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Only variables that are known are replaced, so that nginx's own ones stay; and the port, for a free one. */
function render(variables: Readonly<Record<string, string>>, port: number): string {
  const template = readFileSync(join(import.meta.dirname, "nginx.conf.template"), "utf8");
  return template
    .replaceAll(/\$\{(\w+)\}/g, (whole, name: string) => variables[name] ?? whole)
    .replace("listen 8000;", `listen 127.0.0.1:${port};`);
}

/** What nginx's image has around the server, kept inside of `folder`. */
function wrapper(folder: string): string {
  const scratch = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map(
    (name) => `${name}_temp_path ${join(folder, name)};`,
  );
  return `daemon off;
worker_processes 1;
pid ${join(folder, "nginx.pid")};
error_log stderr notice;
events {}
http {
  access_log off;
  ${scratch.join("\n  ")}
  include ${join(folder, "server.conf")};
}
`;
}

async function workersStarted(nginx: ChildProcess): Promise<void> {
  let said = "";
  await new Promise<void>((resolve, reject) => {
    nginx.stderr?.on("data", (chunk: Buffer) => {
      said += chunk.toString();
      if (said.includes("start worker process ")) resolve();
    });
    nginx.once("error", reject);
    nginx.once("exit", (code) => reject(new Error(`nginx ended with ${code}:\n${said}`)));
  });
}

async function sendRaw(options: {
  port: number;
  method?: string;
  path: string;
  headers?: Record<string, string>;
  body?: Uint8Array;
}): Promise<Answer> {
  const { body, ...rest } = options;
  return await new Promise<Answer>((resolve, reject) => {
    const outgoing = request({ ...rest, host: "127.0.0.1", agent: false }, (incoming) => {
      const chunks: Buffer[] = [];
      incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
      incoming.on("end", () => {
        resolve({ status: incoming.statusCode ?? 0, body: Buffer.concat(chunks).toString() });
      });
    });
    // A refusal may come, and the connection break, while the body is still on its way.
    outgoing.on("error", reject);
    outgoing.end(body);
  });
}
