import { z } from "zod";
import type { FaultRule } from "../faults.ts";
import { permissionSchema } from "../state/model.ts";

export const repositoryBody = z.object({
  owner: z.string(),
  name: z.string(),
  private: z.boolean().optional(),
  members: z.record(z.string(), permissionSchema).optional(),
  from: z.string().optional(),
  forkOf: z.string().optional(),
});

export const userBody = z.object({
  login: z.string(),
  name: z.string().optional(),
  email: z.string().optional(),
  type: z.enum(["User", "Organization", "Bot"]).optional(),
});

export const commitBody = z.object({
  repository: z.string(),
  branch: z.string(),
  from: z.string().optional(),
  files: z.record(z.string(), z.string().nullable()),
  message: z.string(),
  author: z.string().optional(),
});

export const pullBody = z.object({
  repository: z.string(),
  head: z.string(),
  base: z.string().optional(),
  title: z.string(),
  body: z.string().optional(),
  author: z.string(),
  draft: z.boolean().optional(),
});

export const tokenBody = z.object({ token: z.string() });

export const appBody = z.object({ expiringTokens: z.boolean() });

export const loginBody = z.object({ login: z.string() });

export const renameBody = z.object({ repository: z.string(), name: z.string() });

export const transferBody = z.object({ repository: z.string(), owner: z.string() });

export const memberBody = z.object({ repository: z.string(), login: z.string() });

const when = z.enum(["before", "after"]);

/** `path` is the whole path, or `{ "matches": "expression" }`. */
export const faultBody = z.object({
  method: z.string().optional(),
  path: z
    .union([z.string(), z.object({ matches: z.string() }).transform(({ matches }) => new RegExp(matches))])
    .optional(),
  times: z.int().positive().optional(),
  user: z.string().optional(),
  effect: z.union([
    z.object({ kind: z.literal("latency"), ms: z.number() }),
    z.object({ kind: z.literal("reset"), when }),
    z.object({ kind: z.literal("status"), status: z.int(), when, body: z.unknown().optional() }),
    z.object({ kind: z.literal("primary-limit"), resetAt: z.number() }),
    z.object({ kind: z.literal("primary-limit"), resetInSeconds: z.number() }),
    z.object({ kind: z.literal("secondary-limit"), retryAfter: z.number().optional() }),
    z.object({ kind: z.literal("hang"), when }),
  ]),
}) satisfies z.ZodType<FaultRule>;
