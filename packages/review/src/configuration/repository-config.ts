import { z } from "zod";
import { severities } from "../model.ts";

/** GitHub takes 30 inline comments in one review and no more. */
const mostComments = 30;

const glob = z.string().min(1).max(300);
const ruleId = z.string().min(1).max(200);

/** `.nectr.yml`, every key with its default. See docs/configuration/nectr-yml.md. */
export const repositoryConfigSchema = z.strictObject({
  ignore: z.array(glob).max(200).default([]),
  verdict: z.enum(["advisory", "binding"]).default("advisory"),
  minimumSeverity: z.enum(severities).default("nit"),
  maxComments: z.int().min(0).max(mostComments).default(20),
  instructions: z.string().max(2_000).default(""),
  analysers: z.strictObject({ disable: z.array(ruleId).max(200).default([]) }).prefault({}),
});

export type RepositoryConfig = z.infer<typeof repositoryConfigSchema>;
