import fc from "fast-check";
import { expect, test } from "vitest";
import { FernetError } from "./fernet-error.ts";
import { generateFernetKey } from "./fernet-key.ts";
import { createFernet } from "./fernet.ts";
import { openFor, sealFor } from "./sealed.ts";

const fernet = createFernet([generateFernetKey()]);

test("what was sealed for an owner opens for that owner", () => {
  const wellFormed = fc.string({ unit: "binary" });
  fc.assert(
    fc.property(wellFormed, wellFormed, (owner, text) => {
      expect(openFor(fernet, owner, sealFor(fernet, owner, text))).toBe(text);
    }),
  );
});

test("a row copied over another's does not open", () => {
  const sealed = sealFor(fernet, "user:7", "a token");
  expect(() => openFor(fernet, "user:8", sealed)).toThrow(FernetError);
  expect(() => openFor(fernet, "user-refresh:7", sealed)).toThrow(/another owner/);
});

test("what was sealed for a time opens until it is over, and for no other owner", () => {
  const sealedAt = Date.now();
  const key = generateFernetKey();
  const after = (seconds: number) => createFernet([key], () => new Date(sealedAt + seconds * 1000));
  const sealed = sealFor(after(0), "user:7", "yes");
  expect(openFor(after(60), "user:7", sealed, { ttlSeconds: 60 })).toBe("yes");
  expect(() => openFor(after(61), "user:7", sealed, { ttlSeconds: 60 })).toThrow(/expired/);
  expect(() => openFor(after(60), "user:8", sealed, { ttlSeconds: 60 })).toThrow(/another owner/);
  expect(openFor(after(61), "user:7", sealed)).toBe("yes");
});

test.each(["plain text", "{}", '["user:7"]', '["user:7", 1]', '["user:7", "text", "more"]'])(
  "a Fernet token around %s is no sealed text",
  (content) => {
    expect(() => openFor(fernet, "user:7", fernet.encrypt(content))).toThrow(FernetError);
  },
);

test("no error repeats the text or the token", () => {
  const sealed = sealFor(fernet, "user:7", "canary");
  const other = createFernet([generateFernetKey()]);
  for (const attempt of [() => openFor(fernet, "user:8", sealed), () => openFor(other, "user:7", sealed)]) {
    expect(attempt).toThrow(expect.not.objectContaining({ message: expect.stringMatching(/canary|gAAAA/) }));
  }
});
