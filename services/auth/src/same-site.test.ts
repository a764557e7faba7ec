import { expect, test } from "vitest";
import { isSameSite } from "./same-site.ts";

test.each([
  ["https://nectr.example.com", "https://nectr.example.com:8443", true],
  ["https://app.example.com", "https://api.example.com", true],
  ["https://app.example.co.uk", "https://api.example.co.uk", true],
  ["https://example.co.uk", "https://other.co.uk", false],
  ["https://a.onrender.com", "https://b.onrender.com", false],
  ["https://nectr.example.com", "http://nectr.example.com", false],
  ["https://example.com", "https://example.com.attacker.net", false],
  ["http://localhost:3000", "http://localhost:8000", true],
  ["http://localhost:3000", "http://127.0.0.1:8000", false],
  ["http://192.168.1.2", "http://192.168.1.2:8000", true],
  ["http://192.168.1.2", "http://192.168.1.3", false],
])("%s and %s: %s", (a, b, expected) => {
  expect(isSameSite(a, b)).toBe(expected);
});
