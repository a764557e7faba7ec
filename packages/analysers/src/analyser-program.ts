import { builtInAnalysers } from "./built-in.ts";
import { serveAnalysers } from "./serve-analysers.ts";

/** The program of the analysers' own process. */
serveAnalysers(builtInAnalysers, async () => (await import("./outline/outline-text.ts")).outlineText);
