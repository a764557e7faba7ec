import type { Simulator } from "@nectr/github-simulator";

/** A request that goes wrong at GitHub, once. */
interface Trouble {
  readonly method: string;
  /** Matches somewhere in the path. */
  readonly path: RegExp;
  /** Undefined: the connection is reset. */
  readonly status?: number;
  /** Whether it was carried out before. */
  readonly done?: boolean;
  /** What GitHub was sent, and repeats in its answer. */
  readonly echo?: readonly (string | undefined)[];
}

/** Makes GitHub fail once. */
export function trouble(simulator: Simulator, { method, path, status, done = false, echo }: Trouble): void {
  const when = done ? "after" : "before";
  const effect =
    status === undefined
      ? ({ kind: "reset", when } as const)
      : ({ kind: "status", status, when, body: echo && errorBody(echo) } as const);
  simulator.faults.add({ method, path, times: 1, effect });
}

/** https://docs.github.com/en/rest/using-the-rest-api/troubleshooting-the-rest-api */
function errorBody(texts: readonly (string | undefined)[]) {
  return {
    message: `Not so: ${texts.join(" ")}`,
    errors: texts.map((text) => ({ message: `authorization: Bearer ${text}`, code: text })),
    documentation_url: `https://docs.github.com/rest?given=${texts.join(",")}`,
  };
}
