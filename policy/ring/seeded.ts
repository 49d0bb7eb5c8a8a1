/** A random order without randomness: the call's own id is the seed, so the same call always gets the same order. */

/** FNV-1a over UTF-16 code units: spreads similar ids over all 32 bits. */
function hash(text: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) {
    h ^= text.charCodeAt(i);
    h = Math.imul(h, 0x01000193);
  }
  return h >>> 0;
}

/** Mulberry32: one step of a 32-bit generator; its quality suffices for fairness among phones. */
function next(state: number): { readonly state: number; readonly value: number } {
  const s = (state + 0x6d2b79f5) >>> 0;
  let t = Math.imul(s ^ (s >>> 15), 1 | s);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return { state: s, value: (t ^ (t >>> 14)) >>> 0 };
}

/** The items in an order drawn from `seed` (Fisher-Yates); every order is equally likely over many seeds. */
export function shuffled<T>(items: readonly T[], seed: string): T[] {
  const result = [...items];
  let state = hash(seed);
  for (let i = result.length - 1; i > 0; i--) {
    const drawn = next(state);
    state = drawn.state;
    const j = drawn.value % (i + 1);
    const a = result[i] as T;
    result[i] = result[j] as T;
    result[j] = a;
  }
  return result;
}
