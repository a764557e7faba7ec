/** Tells whether a lease that the database granted can still hold, without asking it. */
export interface LeaseClock {
  /** Call it before asking for the lease, and what it returns once it is granted. */
  asking(): () => void;
  /** Whether so much time may have passed since that somebody else has it. */
  mayBeOver(): boolean;
}

/**
 * By two clocks, as neither sees every standstill: one stops while the machine sleeps, the other may be set. The more
 * time that either says has passed counts.
 */
export function createLeaseClock(leaseMs: number): LeaseClock {
  const read = () => ({ steady: performance.now(), wall: Date.now() });
  let granted = { steady: -Infinity, wall: 0 };
  return {
    asking() {
      const asked = read();
      return () => {
        granted = asked;
      };
    },
    mayBeOver() {
      const now = read();
      return Math.max(now.steady - granted.steady, Math.abs(now.wall - granted.wall)) >= leaseMs;
    },
  };
}
