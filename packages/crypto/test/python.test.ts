import { spawnSync } from "node:child_process";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createFernet, FernetError, generateFernetKey } from "../src/index.ts";

/** The first python3 on the PATH that has `cryptography`. */
const python = spawnSync("which", ["-a", "python3"], { encoding: "utf8" })
  .stdout?.split("\n")
  .find((path) => path !== "" && spawnSync(path, ["-c", "import cryptography.fernet"]).status === 0);

/** Takes a list of orders as JSON and gives the list of what came of them; a token that it refuses gives null. */
const program = `
import json, sys
from cryptography.fernet import Fernet, InvalidToken, MultiFernet

def carry_out(order):
    ring = MultiFernet([Fernet(key) for key in order["keys"]])
    at = order["at"]
    try:
        if order["verb"] == "encrypt":
            return ring.encrypt_at_time(order["text"].encode(), at).decode()
        if order["verb"] == "rotate":
            return ring.rotate(order["token"].encode()).decode()
        if order["ttl"] is None:
            return ring.decrypt(order["token"].encode()).decode()
        return ring.decrypt_at_time(order["token"].encode(), order["ttl"], at).decode()
    except InvalidToken:
        return None

json.dump([carry_out(order) for order in json.load(sys.stdin)], sys.stdout)
`;

/** `at` in seconds since 1970. */
type Order = { readonly keys: readonly string[]; readonly at?: number } & (
  | { readonly verb: "encrypt"; readonly text: string }
  | { readonly verb: "rotate"; readonly token: string }
  | { readonly verb: "decrypt"; readonly token: string; readonly ttl?: number }
);

/** Has Python carry out all the orders, in one process. */
function inPython(orders: readonly Order[]): (string | null)[] {
  const input = JSON.stringify(orders.map((order) => ({ at: now, ttl: null, ...order })));
  const { status, stdout, stderr } = spawnSync(python ?? "", ["-c", program], {
    input,
    encoding: "utf8",
    maxBuffer: 64 * 1024 * 1024,
  });
  expect(stderr).toBe("");
  expect(status).toBe(0);
  return JSON.parse(stdout) as (string | null)[];
}

const now = Math.floor(Date.now() / 1000);
const [oldKey, newKey] = [generateFernetKey(), generateFernetKey()];
const [before, during, after] = [[oldKey], [newKey, oldKey], [newKey]].map((keys) => createFernet(keys));

describe.skipIf(python === undefined)("Fernet beside Python's (needs python3 with cryptography)", () => {
  const texts = [
    "",
    "grüße, 日本, 🦊",
    "\uFEFFwith a mark",
    "a\0b\r\n",
    "long ".repeat(50_000),
    ...fc.sample(fc.string({ unit: "binary", maxLength: 200 }), 300),
  ];

  test("Python reads what we write", () => {
    const orders = texts.map((text): Order => ({
      verb: "decrypt",
      keys: [oldKey],
      token: before!.encrypt(text),
    }));
    expect(inPython(orders)).toEqual(texts);
    expect(inPython(orders.map((order) => ({ ...order, keys: [newKey] })))).toEqual(texts.map(() => null));
  });

  test("we read what Python writes", () => {
    const tokens = inPython(texts.map((text) => ({ verb: "encrypt", keys: [oldKey], text })));
    expect(tokens.map((token) => before!.decrypt(token ?? ""))).toEqual(texts);
  });

  test("a rotation that one side makes is good on the other", () => {
    const fromPython = inPython(texts.map((text) => ({ verb: "encrypt", keys: [oldKey], text })));
    const rotatedHere = fromPython.map((token) => during!.encrypt(during!.decrypt(token ?? "")));
    expect(inPython(rotatedHere.map((token) => ({ verb: "decrypt", keys: [newKey], token })))).toEqual(texts);

    const rotatedThere = inPython(
      texts.map((text) => ({ verb: "rotate", keys: [newKey, oldKey], token: before!.encrypt(text) })),
    );
    expect(rotatedThere.every((token) => during!.encryptedWithFirstKey(token ?? ""))).toBe(true);
    expect(rotatedThere.map((token) => after!.decrypt(token ?? ""))).toEqual(texts);
  });

  test("both end a token's time at the same second, and bear clocks that differ by as much", () => {
    const ttl = 90;
    const ages = [-61, -60, 0, 89, 90, 91];
    const good = [false, true, true, true, true, false];
    const ours = createFernet([newKey], () => new Date(now * 1000)).encrypt("text");
    const there = inPython(
      ages.map((age) => ({ verb: "decrypt", keys: [newKey], token: ours, ttl, at: now + age })),
    );
    expect(there.map((text) => text === "text")).toEqual(good);

    const [theirs] = inPython([{ verb: "encrypt", keys: [newKey], text: "text", at: now }]);
    const here = ages.map((age) => {
      const later = createFernet([newKey], () => new Date((now + age) * 1000));
      try {
        return later.decrypt(theirs ?? "", { ttlSeconds: ttl }) === "text";
      } catch (error) {
        expect(error).toBeInstanceOf(FernetError);
        return false;
      }
    });
    expect(here).toEqual(good);
  });
});
