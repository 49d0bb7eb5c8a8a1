/** Waits for something, but not for ever. */
import type { Clock } from "../clock.js";

/** What `work` resolves to, or `late` if that takes longer. `work` goes on then; it must not reject. */
export function within<T>(clock: Clock, ms: number, work: Promise<T>, late: T): Promise<T> {
  return new Promise((resolve) => {
    const timer = clock.after(ms, () => resolve(late));
    void work.then((result) => {
      clock.cancel(timer);
      resolve(result);
    });
  });
}
