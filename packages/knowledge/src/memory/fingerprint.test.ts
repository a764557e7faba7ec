import { expect, test } from "vitest";
import { fingerprintOf } from "./fingerprint.ts";

test.each([
  ["Amounts are in cents.", "amounts  are\nin CENTS"],
  ["`parse()` throws", "parse throws!"],
  ["ﬁle names", "file names"],
])("%j and %j are the same thing", (one, other) => {
  expect(fingerprintOf(one)).toEqual(fingerprintOf(other));
});

test.each([
  ["Amounts are in cents", "Amounts are not in cents"],
  ["金額はセント", "金額はドル"],
  ["!!!", "???"],
  ["no v1", "no v2"],
])("%j and %j are not", (one, other) => {
  expect(fingerprintOf(one)).not.toEqual(fingerprintOf(other));
});
