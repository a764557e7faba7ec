import { BlockList, isIP } from "node:net";

/** Addresses that lead nowhere from the internet (RFC 6890, RFC 4193, RFC 4291). */
const privateAddresses = new BlockList();
for (const [net, bits] of [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.168.0.0", 16],
] as const) {
  privateAddresses.addSubnet(net, bits, "ipv4");
}
privateAddresses.addAddress("::", "ipv6");
privateAddresses.addAddress("::1", "ipv6");
privateAddresses.addSubnet("fc00::", 7, "ipv6");
privateAddresses.addSubnet("fe80::", 10, "ipv6");

const loopbackAddresses = new BlockList();
loopbackAddresses.addSubnet("127.0.0.0", 8, "ipv4");
loopbackAddresses.addAddress("::1", "ipv6");

/** Whether a URL's hostname means this very machine. */
export function isLoopback(hostname: string): boolean {
  const host = withoutBrackets(hostname);
  return /^(.+\.)?localhost$/i.test(host) || isIn(loopbackAddresses, host);
}

/** Whether a URL's hostname can be reached from the internet, as far as the name alone tells. */
export function isPublic(hostname: string): boolean {
  const host = withoutBrackets(hostname).replace(/\.$/, "");
  if (isIP(host) !== 0) return !isIn(privateAddresses, host);
  return host.includes(".") && !/\.(localhost|local|internal|lan|home\.arpa|test|invalid)$/i.test(host);
}

function isIn(addresses: BlockList, host: string): boolean {
  const family = isIP(host);
  return family !== 0 && addresses.check(host, family === 4 ? "ipv4" : "ipv6");
}

function withoutBrackets(hostname: string): string {
  return hostname.replace(/^\[|\]$/g, "");
}
