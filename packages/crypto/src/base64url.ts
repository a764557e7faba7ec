/** Encodes as base64url with padding (RFC 4648, section 5), the one form that Fernet knows. */
export function encodeBase64url(bytes: Buffer): string {
  return bytes.toString("base64").replaceAll("+", "-").replaceAll("/", "_");
}

/**
 * Decodes canonical, padded base64url; anything else is undefined.
 *
 * Node's decoder skips what it does not know and takes both alphabets, so several texts would decode to
 * the same bytes. Encoding again and comparing leaves exactly one.
 */
export function decodeBase64url(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, "base64url");
  return encodeBase64url(bytes) === text ? bytes : undefined;
}
