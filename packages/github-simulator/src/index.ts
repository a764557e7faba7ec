export { type Simulator, type SimulatorOptions, createSimulator } from "./simulator.ts";
export type { PostedComment, PostedReview } from "./operations.ts";
export type { FaultEffect, FaultRule, Faults } from "./faults.ts";
export type { HurriedWrite, RequestLogEntry, Violation, WriteLogEntry } from "./log.ts";
export {
  type CommentableHunk,
  type CommentableLines,
  acceptsComment,
  commentableLines,
} from "./diff/commentable-lines.ts";
