import { createRulesAnalyser } from "./rules-analyser.ts";
import { createSecretsAnalyser } from "./secrets-analyser.ts";
import { serveAnalysers } from "./serve-analysers.ts";

/** The program of the analysers' own process. */
serveAnalysers([createSecretsAnalyser(), createRulesAnalyser()]);
