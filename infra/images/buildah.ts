import { type ChildProcess, execFile, execFileSync, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { certificates, makeDebianRoot } from "./debian-root.ts";

const run = promisify(execFile);

/** The part of an image's configuration (OCI image specification, "Image Configuration") that matters here. */
export interface ImageConfig {
  readonly User: string;
  readonly Env: readonly string[];
  readonly Cmd: readonly string[];
}

/** An image and a container made of it. */
export interface BuiltImage {
  readonly config: ImageConfig;
  /** The container's files, as a folder of this machine. */
  readonly root: string;
  /** Starts a command in the container, as the image's user, on this machine's network. */
  start(command: readonly string[], environment?: Readonly<Record<string, string>>): ChildProcess;
}

/** Images in a folder of their own; everything is gone when disposed of. */
export interface ImageStore extends AsyncDisposable {
  build(service: string): Promise<BuiltImage>;
}

/**
 * Builds with buildah, which needs neither an engine nor, with these settings, a kernel's leave: the commands of a
 * Dockerfile run in a changed root. The base image is made on the spot.
 *
 * @param checkout the folder to build from
 */
export function createImageStore(checkout: string): ImageStore {
  const folder = mkdtempSync(join(tmpdir(), "nectr-images-"));
  const settings = [
    "--root",
    join(folder, "storage"),
    "--runroot",
    join(folder, "run"),
    "--storage-driver",
    "vfs",
  ];
  const buildah = async (...args: string[]): Promise<string> => {
    const { stdout } = await run("buildah", [...settings, ...args], { maxBuffer: 64 * 1024 ** 2 });
    return stdout.trim();
  };
  let base: Promise<void> | undefined;

  return {
    async build(service) {
      await (base ??= makeBase(join(folder, "base"), buildah));
      const dockerfile = join(checkout, "infra/images/Dockerfile");
      const args = ["BASE=localhost/base", `SERVICE=${service}`].flatMap((arg) => ["--build-arg", arg]);
      const store = ["--volume", `${pnpmStore(checkout)}:/root/.local/share/pnpm/store`];
      await buildah(
        "build",
        "--isolation=chroot",
        "--layers=false",
        ...store,
        ...args,
        "-f",
        dockerfile,
        "-t",
        service,
        checkout,
      );
      const container = await buildah("from", `localhost/${service}`);
      const image = JSON.parse(await buildah("inspect", "--type=image", service)) as {
        OCIv1: { config: ImageConfig };
      };
      return {
        config: image.OCIv1.config,
        root: await buildah("mount", container),
        start(command, environment = {}) {
          const variables = Object.entries(environment).flatMap((pair) => ["--env", pair.join("=")]);
          return spawn("buildah", [
            ...settings,
            "run",
            "--isolation=chroot",
            ...variables,
            container,
            "--",
            ...command,
          ]);
        },
      };
    },
    async [Symbol.asyncDispose]() {
      await buildah("rm", "--all");
      // A mount that was left would take what it shows along, pnpm's store for one.
      if (readFileSync("/proc/self/mountinfo", "utf8").includes(folder)) {
        throw new Error(`${folder} holds a mount`);
      }
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function makeBase(root: string, buildah: (...args: string[]) => Promise<string>): Promise<void> {
  mkdirSync(root);
  makeDebianRoot(root);
  const container = await buildah("from", "scratch");
  await buildah("add", "--quiet", container, root, "/");
  rmSync(root, { recursive: true });
  const environment = ["PATH=/usr/local/bin:/usr/bin", `NODE_EXTRA_CA_CERTS=${certificates}`];
  await buildah("config", ...environment.flatMap((variable) => ["--env", variable]), container);
  await buildah("commit", "--quiet", "--rm", container, "localhost/base");
}

/** What pnpm has downloaded on this machine; with it, an image's installation takes a second. */
function pnpmStore(checkout: string): string {
  const modules = JSON.parse(readFileSync(join(checkout, "node_modules/.modules.yaml"), "utf8")) as {
    storeDir: string;
  };
  // Without the version of its layout, which pnpm adds.
  return dirname(modules.storeDir);
}

/** The id of the container's first program: the first one below `buildah run` that is not buildah itself. */
export function programOf(buildahRun: ChildProcess): number {
  const table = execFileSync("ps", ["-e", "-o", "pid=,ppid=,comm="], { encoding: "utf8" });
  const processes = table.split("\n").map((line) => line.trim().split(/\s+/));
  let [id, name] = [String(buildahRun.pid), "buildah"];
  while (name.includes("buildah")) {
    const child = processes.find(([, parent]) => parent === id);
    if (child === undefined) throw new Error("buildah runs no program");
    [id = "", , name = ""] = child;
  }
  return Number(id);
}
