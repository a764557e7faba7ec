import { randomToken } from "@nectr/crypto";
import { expect } from "vitest";
import { findSecrets, type ReadPlace, type Secret } from "./find-secrets.ts";
import type { WatchedSystem } from "./watched-system.ts";

/** Where a secret is given to whom it is for. */
export interface Rightful {
  readonly place: string;
  readonly what: string;
  /** The secret with what stands around it there: elsewhere in the same place it is looked for all the same. */
  readonly text: RegExp;
}

const sessionCookie: Rightful = {
  place: "the answers of auth",
  what: "a session, to the browser that signed in",
  text: /^set-cookie: nectr_session=[\w.-]+/gim,
};

/**
 * Stops the services, and looks for these secrets and for every session in all that has come to light. What has to be
 * there has to be found.
 * @param more.rightful what may be there, and is, besides a session's own cookie.
 * @param more.evident texts that are in places of themselves, and have to be found too.
 */
export async function expectHidden(
  system: WatchedSystem,
  secrets: readonly Secret[],
  { rightful = [], evident = [] }: { rightful?: readonly Rightful[]; evident?: readonly ReadPlace[] } = {},
): Promise<void> {
  const visible = [...(await system.plant(`planted-${randomToken(12)}`)), ...evident];
  const sessions = sentByBrowsers(system, {
    session: /nectr_session=([\w.-]+)/g,
    "a session's signature": /nectr_session=[\w-]+\.[\w-]+\.([\w-]+)/g,
  });
  const read = await system.stopAndRead();
  const places = read.map((place) => without([sessionCookie, ...rightful], place));
  for (const { name, text } of visible) {
    expect(findSecrets([{ name: "planted", value: text }], places)).toContain(`${name}: planted, as it is`);
  }
  expect(findSecrets([...secrets, ...sessions], places)).toEqual([]);
}

function without(rightful: readonly Rightful[], { name, text }: ReadPlace): ReadPlace {
  const here = rightful.filter(({ place }) => place === name);
  for (const one of here) expect(text.match(one.text), `${one.what}`).not.toBeNull();
  return { name, text: here.reduce((rest, one) => rest.replaceAll(one.text, ""), text) };
}

/** Secrets that browsers sent to auth, by the pattern that each kind is known by. Of each kind there has to be one. */
export function sentByBrowsers(
  { auth }: WatchedSystem,
  patterns: Readonly<Record<string, RegExp>>,
): Secret[] {
  const sent = auth.sent();
  return Object.entries(patterns).flatMap(([name, pattern]) => {
    const values = new Set([...sent.matchAll(pattern)].map(([, value = ""]) => value));
    expect(values.size, `${name}`).toBeGreaterThan(0);
    return [...values].map((value) => ({ name, value }));
  });
}
