import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { signWebhook, verifyWebhookSignature } from "./webhook-signature.ts";

// https://docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries#testing-the-webhook-payload-validation
const secret = "It's a Secret to Everybody";
const body = Buffer.from("Hello, World!");
const signature = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17";

describe("webhook signature", () => {
  test("agrees with GitHub's published example", () => {
    expect(signWebhook(secret, body)).toBe(signature);
    expect(verifyWebhookSignature([secret], body, signature)).toBe(true);
  });

  test.each([
    ["absent", undefined],
    ["empty", ""],
    ["only the scheme", "sha256="],
    ["the older SHA-1", `sha1=${"0".repeat(40)}`],
    ["without the scheme", signature.slice("sha256=".length)],
    ["too short", signature.slice(0, -1)],
    ["too long", `${signature}0`],
    ["followed by a line break", `${signature}\n`],
    ["in capitals", `sha256=${signature.slice("sha256=".length).toUpperCase()}`],
    ["not hexadecimal", `sha256=${"z".repeat(64)}`],
    ["another value", `sha256=${"0".repeat(64)}`],
  ])("is false, not an error, when the header is %s", (_, header) => {
    expect(verifyWebhookSignature([secret], body, header)).toBe(false);
  });

  test("is false for any other header", () => {
    fc.assert(fc.property(fc.string(), (header) => !verifyWebhookSignature([secret], body, header)));
  });

  test("covers the bytes of the body as they are, and the secret", () => {
    fc.assert(
      fc.property(fc.uint8Array(), fc.string({ minLength: 1 }), fc.nat(), (bytes, key, position) => {
        const header = signWebhook(key, bytes);
        expect(verifyWebhookSignature([key], bytes, header)).toBe(true);
        expect(verifyWebhookSignature([`${key}x`], bytes, header)).toBe(false);
        if (bytes.length === 0) return;
        const altered = bytes.with(position % bytes.length, (bytes[position % bytes.length] ?? 0) ^ 1);
        expect(verifyWebhookSignature([key], altered, header)).toBe(false);
      }),
    );
  });

  test("accepts the old secret and the new one while they change", () => {
    expect(verifyWebhookSignature(["new", secret], body, signature)).toBe(true);
    expect(verifyWebhookSignature([secret, "new"], body, signature)).toBe(true);
    expect(verifyWebhookSignature(["new"], body, signature)).toBe(false);
  });

  test("is false without a secret, and takes an empty one for none", () => {
    expect(verifyWebhookSignature([], body, signature)).toBe(false);
    expect(verifyWebhookSignature([""], body, signWebhook("", body))).toBe(false);
  });
});
