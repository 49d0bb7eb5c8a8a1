/** The difference of two texts in lines, as `diff -u` shows it: what a person looks at before files are changed. */

/** Unchanged lines that are shown around a change. */
const CONTEXT_LINES = 3;

/** Pairs of lines compared at most; texts that differ more are shown as one change. */
const COMPARED_MAX = 4_000_000;

interface Line {
  readonly sign: " " | "-" | "+";
  readonly text: string;
}

/** @param before null: the file is new. Empty when the texts are the same. */
export function unifiedDiff(name: string, before: string | null, after: string): string {
  const lines = compareLines(linesOf(before ?? ""), linesOf(after));
  const hunks = hunksOf(lines);
  if (hunks.length === 0) return "";
  return [`--- ${before === null ? "/dev/null" : name}`, `+++ ${name}`, ...hunks, ""].join("\n");
}

/** Line feeds of Windows are not shown. */
function linesOf(text: string): string[] {
  const lines = text.split(/\r?\n/);
  if (lines.at(-1) === "") lines.pop();
  return lines;
}

function compareLines(before: readonly string[], after: readonly string[]): Line[] {
  let start = 0;
  while (start < before.length && before[start] === after[start]) start += 1;
  let end = 0;
  const most = Math.min(before.length, after.length) - start;
  while (end < most && before[before.length - 1 - end] === after[after.length - 1 - end]) end += 1;
  const same = (text: string): Line => ({ sign: " ", text });
  return [
    ...before.slice(0, start).map(same),
    ...changed(before.slice(start, before.length - end), after.slice(start, after.length - end)),
    ...before.slice(before.length - end).map(same),
  ];
}

/** By the longest common subsequence. */
function changed(before: readonly string[], after: readonly string[]): Line[] {
  const removed = before.map((text): Line => ({ sign: "-", text }));
  const added = after.map((text): Line => ({ sign: "+", text }));
  if (before.length * after.length > COMPARED_MAX) return [...removed, ...added];
  const width = after.length + 1;
  const lengths = new Uint32Array((before.length + 1) * width);
  const at = (i: number, j: number) => lengths[i * width + j] ?? 0;
  for (let i = before.length - 1; i >= 0; i -= 1)
    for (let j = after.length - 1; j >= 0; j -= 1)
      lengths[i * width + j] =
        before[i] === after[j] ? 1 + at(i + 1, j + 1) : Math.max(at(i + 1, j), at(i, j + 1));
  const lines: Line[] = [];
  let [i, j] = [0, 0];
  while (i < before.length || j < after.length) {
    const [old, next] = [removed[i], added[j]];
    if (old !== undefined && next !== undefined && old.text === next.text) {
      lines.push({ sign: " ", text: old.text });
      [i, j] = [i + 1, j + 1];
    } else if (old !== undefined && (next === undefined || at(i + 1, j) >= at(i, j + 1))) {
      lines.push(old);
      i += 1;
    } else if (next !== undefined) {
      lines.push(next);
      j += 1;
    }
  }
  return lines;
}

function hunksOf(lines: readonly Line[]): string[] {
  const changes = lines.flatMap(({ sign }, index) => (sign === " " ? [] : [index]));
  const out: string[] = [];
  let [old, next] = [1, 1];
  for (let index = 0; index < lines.length; ) {
    const first = changes.find((place) => place >= index);
    if (first === undefined) break;
    let last = first;
    for (const place of changes) if (place > last && place - last <= 2 * CONTEXT_LINES) last = place;
    const from = Math.max(index, first - CONTEXT_LINES);
    const to = Math.min(lines.length, last + CONTEXT_LINES + 1);
    const skipped = from - index;
    [old, next] = [old + skipped, next + skipped];
    const hunk = lines.slice(from, to);
    const olds = hunk.filter(({ sign }) => sign !== "+").length;
    const news = hunk.filter(({ sign }) => sign !== "-").length;
    out.push(`@@ -${olds === 0 ? old - 1 : old},${olds} +${news === 0 ? next - 1 : next},${news} @@`);
    out.push(...hunk.map(({ sign, text }) => `${sign}${text}`));
    [old, next] = [old + olds, next + news];
    index = to;
  }
  return out;
}
