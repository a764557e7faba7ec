export { type Simulator, type SimulatorOptions, createSimulator } from "./simulator.ts";
export type { FaultEffect, Faults } from "./faults.ts";
export { type CommentPlace, type JudgedComments, judgeComments } from "./diff/judge-comments.ts";
