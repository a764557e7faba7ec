/**
 * To be loaded before a program, by `--import`: its clock is wrong by `?ms=`, from the start or, with `&from=SIGUSR2`,
 * from that signal on. What measures the time that passes (`performance.now`, timers) is right.
 */
const { searchParams } = new URL(import.meta.url);
const shiftMs = Number(searchParams.get("ms"));
const signal = searchParams.get("from");
const RightDate = Date;
let shifted = signal === null;
if (signal === "SIGUSR2") process.on(signal, () => void (shifted = true));

const now = () => RightDate.now() + (shifted ? shiftMs : 0);
globalThis.Date = new Proxy(RightDate, {
  construct: (target, values: []) => (values.length === 0 ? new target(now()) : new target(...values)),
  get: (target, name) => (name === "now" ? now : Reflect.get(target, name)),
});
