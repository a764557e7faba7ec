import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { neo4jConfig } from "./config.ts";

export interface RunningNeo4j extends AsyncDisposable {
  readonly uri: string;
  readonly username: string;
  readonly password: string;
}

const java = neo4jConfig.javaHome === undefined ? "java" : join(neo4jConfig.javaHome, "bin/java");

/** Whether there is one that runs, or one that can be started. */
export const hasNeo4j =
  neo4jConfig.uri !== undefined ||
  (existsSync(join(neo4jConfig.home, "lib")) && spawnSync(java, ["-version"]).status === 0);

/** The one at NEO4J_URI, or a new and empty one, which takes half a minute to start. */
export async function startNeo4j(): Promise<RunningNeo4j> {
  const { uri, username, password, home } = neo4jConfig;
  if (uri !== undefined) return { uri, username, password, async [Symbol.asyncDispose]() {} };
  const folder = mkdtempSync(join(tmpdir(), "nectr-neo4j-"));
  mkdirSync(join(folder, "conf"));
  const port = await findFreePort();
  writeFileSync(join(folder, "conf/neo4j.conf"), settingsOf(port));
  const server = spawn(
    java,
    [
      ...javaFlags(join(home, "lib/*")),
      `--home-dir=${folder}`,
      `--config-dir=${folder}/conf`,
      "--console-mode",
    ],
    {
      stdio: ["ignore", "pipe", "pipe"],
    },
  );
  await started(server);
  return {
    uri: `bolt://127.0.0.1:${port}`,
    username: "neo4j",
    password: "",
    async [Symbol.asyncDispose]() {
      const exited = new Promise((resolve) => server.once("exit", resolve));
      server.kill("SIGTERM");
      await exited;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Bolt alone, for whoever is on this machine. */
const settingsOf = (port: number) => `
dbms.security.auth_enabled=false
server.default_listen_address=127.0.0.1
server.bolt.listen_address=127.0.0.1:${port}
server.http.enabled=false
server.https.enabled=false
dbms.usage_report.enabled=false
server.memory.pagecache.size=64m
`;

function javaFlags(classPath: string): string[] {
  const opened = ["java.nio", "java.io", "sun.nio.ch"].map(
    (name) => `--add-opens=java.base/${name}=ALL-UNNAMED`,
  );
  return [
    "-Xmx512m",
    "-XX:TieredStopAtLevel=1",
    ...opened,
    "-cp",
    classPath,
    "org.neo4j.server.CommunityEntryPoint",
  ];
}

async function started(server: ChildProcess): Promise<void> {
  let said = "";
  await new Promise<void>((resolve, reject) => {
    const hear = (chunk: Buffer) => {
      said += chunk.toString();
      if (said.includes("Started.")) resolve();
    };
    server.stdout?.on("data", hear);
    server.stderr?.on("data", hear);
    server.once("error", reject);
    server.once("exit", (code) => reject(new Error(`Neo4j ended with ${code}:\n${said}`)));
  });
}

async function findFreePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const address = server.address();
  await new Promise((closed) => server.close(closed));
  if (address === null || typeof address === "string") throw new Error("A port was asked for");
  return address.port;
}
