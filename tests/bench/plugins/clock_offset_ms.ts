const TICKS = 20;

/**
 * What to add to `performance.now()` for the time since 1970. `Date.now()` knows milliseconds only,
 * so its ticks are waited for; the largest difference is the one that was seen the soonest.
 */
export function clockOffsetMs(): number {
  let offset = -Infinity;
  for (let i = 0; i < TICKS; i++) {
    const before = Date.now();
    let now = before;
    while (now === before) now = Date.now();
    offset = Math.max(offset, now - performance.now());
  }
  return offset;
}
