/** A text that must not come to light. */
export interface Secret {
  readonly name: string;
  readonly value: string;
}

/** Where a secret could come to light, and all that is to be read there. */
export interface ReadPlace {
  readonly name: string;
  readonly text: string;
}

/** @returns of each secret that is in a place, in whatever form, one line that says so without telling it. */
export function findSecrets(secrets: readonly Secret[], places: readonly ReadPlace[]): string[] {
  return places.flatMap((place) =>
    secrets.flatMap(({ name, value }) => {
      const found = Object.entries(formsOf(value)).find(([, texts]) =>
        texts.some((text) => place.text.includes(text)),
      );
      return found ? [`${place.name}: ${name}, ${found[0]}`] : [];
    }),
  );
}

/** How a secret may be written. */
export function formsOf(value: string): Readonly<Record<string, readonly string[]>> {
  const bytes = Buffer.from(value);
  const hex = bytes.toString("hex");
  const base64 = base64Forms(bytes);
  return {
    "as it is": [value, bytes.toString("latin1")],
    "in JSON": [JSON.stringify(value).slice(1, -1)],
    "URL-encoded": [encodeURIComponent(value), new URLSearchParams({ v: value }).toString().slice(2)],
    "in base64": base64,
    "in base64url": base64.map((text) => text.replaceAll("+", "-").replaceAll("/", "_")),
    "in hex": [hex, hex.toUpperCase()],
  };
}

/**
 * The characters that stand for these bytes alone, wherever they are in what is encoded, such as behind the user's
 * name in an Authorization header. Three bytes become four characters, so there are three ways.
 */
function base64Forms(bytes: Buffer): string[] {
  return [0, 1, 2].map((offset) => {
    const text = Buffer.concat([Buffer.alloc(offset), bytes])
      .toString("base64")
      .replaceAll("=", "");
    // Characters that also stand for bits of a neighbour's byte.
    const partlyAnothers = (offset + bytes.length) % 3 === 0 ? 0 : 1;
    return text.slice(Math.ceil((offset * 8) / 6), text.length - partlyAnothers);
  });
}
