import { execFileSync } from "node:child_process";
import {
  chmodSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  realpathSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";

/** A shell with its tools, and the libraries that Node needs. */
const packages = (
  "base-files libc6 libc-bin dash coreutils findutils " +
  "libacl1 libattr1 libgmp10 libpcre2-8-0 libselinux1 libatomic1 libgcc-s1 libstdc++6"
).split(" ");

/** The authorities that this machine trusts. */
export const certificates = "/etc/ssl/certs/ca-certificates.crt";

/**
 * Makes in `root` what the image `node:26-bookworm-slim` consists of, as far as our Dockerfile needs it, from this
 * machine's own parts, because where no registry is at hand there is no image to begin with: its Debian packages, its
 * npm, and the Node that runs us.
 */
export function makeDebianRoot(root: string): void {
  for (const folder of [
    "usr/bin",
    "usr/sbin",
    "usr/lib",
    "usr/lib64",
    "etc",
    "dev",
    "proc",
    "sys",
    "root",
    "run",
  ]) {
    mkdirSync(join(root, folder), { recursive: true });
  }
  for (const name of ["bin", "sbin", "lib", "lib64"]) symlinkSync(`usr/${name}`, join(root, name));
  for (const folder of ["tmp", "var/tmp"]) {
    mkdirSync(join(root, folder), { recursive: true });
    chmodSync(join(root, folder), 0o1777);
  }

  copy(packages.flatMap(filesOfPackage), root);
  cpSync(certificates, join(root, certificates), { dereference: true });
  writeFileSync(
    join(root, "etc/passwd"),
    "root:x:0:0::/root:/bin/sh\nnode:x:1000:1000::/home/node:/bin/sh\n",
  );
  writeFileSync(join(root, "etc/group"), "root:x:0:\nnode:x:1000:\n");
  mkdirSync(join(root, "home/node"), { recursive: true });
  addNode(join(root, "usr/local"));
}

function addNode(prefix: string): void {
  mkdirSync(join(prefix, "bin"), { recursive: true });
  cpSync(realpathSync(process.execPath), join(prefix, "bin/node"));
  // The command is a link to bin/npm-cli.js in npm's own folder.
  const command = realpathSync(execFileSync("which", ["npm"], { encoding: "utf8" }).trim());
  cpSync(dirname(dirname(command)), join(prefix, "lib/node_modules/npm"), { recursive: true });
  symlinkSync("../lib/node_modules/npm/bin/npm-cli.js", join(prefix, "bin/npm"));
}

/** The paths as they are since /bin and /lib are links into /usr; without what only people read. */
function filesOfPackage(name: string): string[] {
  return execFileSync("dpkg", ["--listfiles", name], { encoding: "utf8" })
    .split("\n")
    .filter((path) => existsSync(path) && !lstatSync(path).isDirectory())
    .map((path) => join(realpathSync(dirname(path)), basename(path)))
    .filter((path) => !/^\/usr\/share\/(doc|info|lintian|locale|man)\//.test(path));
}

function copy(files: readonly string[], root: string): void {
  const archive = execFileSync("tar", ["--create", "--directory=/", "--no-recursion", "--files-from=-"], {
    input: files.map((path) => path.slice(1)).join("\n"),
    maxBuffer: 1024 ** 3,
  });
  execFileSync("tar", ["--extract", "--directory", root], { input: archive });
}
