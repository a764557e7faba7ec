import { expect, test } from "vitest";
import { isLoopback, isPublic } from "./loopback.ts";

test.each(["localhost", "nectr.localhost", "127.0.0.1", "127.8.8.8", "[::1]", "[::ffff:127.0.0.1]"])(
  "%s is this machine",
  (host) => {
    expect(isLoopback(new URL(`http://${host}`).hostname)).toBe(true);
    expect(isPublic(new URL(`http://${host}`).hostname)).toBe(false);
  },
);

test.each(["10.1.2.3", "172.20.0.1", "192.168.1.2", "169.254.1.1", "100.64.0.1", "[fd00::1]", "[fe80::1]"])(
  "%s is within somebody's network",
  (host) => {
    expect(isLoopback(new URL(`http://${host}`).hostname)).toBe(false);
    expect(isPublic(new URL(`http://${host}`).hostname)).toBe(false);
  },
);

test.each(["auth", "nectr.local", "nectr.internal", "printer.lan", "nectr.test"])(
  "%s is no public name",
  (host) => {
    expect(isPublic(host)).toBe(false);
  },
);

test.each(["nectr.example.com", "localhost.example.com", "8.8.8.8", "172.32.0.1", "[2606:4700::1]"])(
  "%s may be reached from the internet",
  (host) => {
    expect(isLoopback(new URL(`http://${host}`).hostname)).toBe(false);
    expect(isPublic(new URL(`http://${host}`).hostname)).toBe(true);
  },
);
