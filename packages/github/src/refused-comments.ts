/** Probes at most: each is a write, and GitHub takes 80 of those a minute. */
const maxProbes = 24;

/**
 * Which of `count` comments GitHub refuses, where it refuses them together without saying which one.
 *
 * Halves are tried by `accepts`; where the first half is accepted the second must hold a bad one, which
 * saves its trial. One bad comment of 30 costs 5 to 9 trials. When the trials run out, whatever has not been
 * accepted counts as refused: it is shown elsewhere rather than lost.
 *
 * @returns indices in ascending order
 */
export async function findRefusedComments(
  count: number,
  accepts: (indices: readonly number[]) => Promise<boolean>,
): Promise<number[]> {
  let probes = 0;

  /** The refused ones among `suspects`, at least one of whom is known to be. */
  async function search(suspects: readonly number[]): Promise<number[]> {
    if (suspects.length <= 1 || probes >= maxProbes) return [...suspects];
    const first = suspects.slice(0, suspects.length >> 1);
    const second = suspects.slice(first.length);
    if (await isAccepted(first)) return search(second);
    const refused = await search(first);
    return (await isAccepted(second)) ? refused : [...refused, ...(await search(second))];
  }

  async function isAccepted(indices: readonly number[]): Promise<boolean> {
    if (probes >= maxProbes) return false;
    probes += 1;
    return accepts(indices);
  }

  return search([...Array(count).keys()]);
}
