import { z } from "zod";

/**
 * A path on FRONTEND_URL to come back to. It has to stay on that origin whichever way a browser reads it: `//host`,
 * `/\host` and control characters, which browsers drop, would lead elsewhere.
 */
export const returnPath = z
  .string()
  .max(2000)
  .regex(/^\/(?![/\\])[\x21-\x5b\x5d-\x7e]*$/, "must be a path such as /repositories");
