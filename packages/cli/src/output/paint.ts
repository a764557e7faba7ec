import { styleText } from "node:util";
import type { Severity } from "@nectr/review";

type Style = Parameters<typeof styleText>[0];

/** Colours a text, or leaves it as it is. */
export type Paint = (style: Style, text: string) => string;

export function createPaint(colours: boolean): Paint {
  // Whether there are colours was decided; the stream is not asked once more.
  return (style, text) => (colours ? styleText(style, text, { validateStream: false }) : text);
}

export const severityStyle: Readonly<Record<Severity, Style>> = {
  critical: ["red", "bold"],
  moderate: ["yellow", "bold"],
  minor: "cyan",
  nit: "dim",
};
