export { type Simulator, type SimulatorOptions, createSimulator } from "./simulator.ts";
export type { FaultEffect, Faults } from "./faults.ts";
export {
  type CommentableHunk,
  type CommentableLines,
  acceptsComment,
  commentableLines,
} from "./diff/commentable-lines.ts";
