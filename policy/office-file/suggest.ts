/**
 * "Did you mean": finds the known word nearest to an unknown one, by edit distance. Two swapped neighbours count as one
 * edit, since people often mistype so.
 */

/** Longer words are not compared: the cost of the distance is the product of the lengths. */
const COMPARED_MAX_CHARS = 64;

/** Lists of more candidates are not searched: a suggestion is not worth seconds. */
const CANDIDATES_MAX = 20_000;

/**
 * @returns the nearest candidate when it is near enough to be what was meant (a third of its length, at
 *   least one edit); the first in the alphabet of several equally near; undefined when none is near enough
 */
export function suggest(word: string, candidates: Iterable<string>): string | undefined {
  const limit = Math.max(1, Math.floor(word.length / 3));
  let best: string | undefined;
  let bestDistance = limit + 1;
  let compared = 0;
  for (const candidate of candidates) {
    compared += 1;
    if (compared > CANDIDATES_MAX) break;
    if (Math.abs(candidate.length - word.length) > limit) continue;
    const distance = editDistance(word.toLowerCase(), candidate.toLowerCase(), limit);
    if (distance < bestDistance || (distance === bestDistance && best !== undefined && candidate < best)) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

/** Optimal string alignment distance, or any value above `limit` once the distance exceeds it. */
function editDistance(a: string, b: string, limit: number): number {
  if (a.length > COMPARED_MAX_CHARS || b.length > COMPARED_MAX_CHARS) return limit + 1;
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1;
      let value = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + cost);
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      if (swapped) value = Math.min(value, (beforeLast[j - 2] ?? 0) + 1);
      row.push(value);
    }
    if (Math.min(...row) > limit) return limit + 1;
    beforeLast = last;
    last = row;
  }
  return last[b.length] ?? limit + 1;
}
