import fc from "fast-check";
import { expect, test } from "vitest";
import { findSecrets, formsOf } from "./src/find-secrets.ts";

const secret = { name: "the secret", value: "a/secret+of ours?" };

test.each(Object.entries(formsOf(secret.value)))(
  "a secret is found where it is written %s",
  (form, texts) => {
    for (const text of texts) {
      expect(findSecrets([secret], [{ name: "the log", text: `before${text}after` }])).toEqual([
        expect.stringContaining("the log: the secret, "),
      ]);
    }
    expect(findSecrets([secret], [{ name: "the log", text: `nothing ${form}` }])).toEqual([]);
  },
);

test("a secret is found in base64 whatever stands around it, as in an Authorization header", () => {
  const encodings = ["base64", "base64url"] as const;
  const around = fc.string({ unit: "binary" });
  fc.assert(
    fc.property(around, around, fc.constantFrom(...encodings), (before, after, encoding) => {
      const text = Buffer.from(`${before}${secret.value}${after}`).toString(encoding);
      expect(findSecrets([secret], [{ name: "a header", text: `Basic ${text}` }])).toHaveLength(1);
    }),
  );
});

test("what is found is told without telling it", () => {
  const [line = ""] = findSecrets([secret], [{ name: "the log", text: secret.value }]);
  expect(line).toBe("the log: the secret, as it is");
});
