/** Ways to look at the same changes. What each leaves alone, another looks at. */
export const lenses = ["security", "correctness", "performance", "tests"] as const;

export type Lens = (typeof lenses)[number];

const focus: Record<Lens, string> = {
  security:
    "what an attacker gains: injection, missing checks of who may do what, secrets, unsafe defaults, data that leaks, resources that a stranger can use up",
  correctness:
    "what computes or does the wrong thing: conditions, borders, types, null and empty values, errors that are lost, state that races or is left half changed, callers that were not adapted",
  performance:
    "what grows slow or large with real data: work in loops, queries for each row, memory that is kept, what blocks, what is done again and again",
  tests:
    "tests in the changes that cannot fail, test the wrong thing or depend on time and order, and changed behaviour that a test in the changes still states the old way",
};

/** What stands at the end of a prompt, so that all before it is the same for each lens and is cached. */
export function lensTask(lens: Lens): string {
  return `Others look at the same changes for other things. You look for this alone: ${focus[lens]}. Report the defects of this kind that these changes bring in.`;
}
