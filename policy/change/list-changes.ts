/**
 * What happened to a list whose order matters, such as the members of a group or the steps of a flow: what was added,
 * removed, moved or changed. Items that keep their order among each other are not mentioned, however far others moved
 * them.
 */

/** An item in words. Two items that are alike may be one item, changed. */
export interface ListItem {
  readonly text: string;
  readonly like: string;
}

/** One change of a list. Places begin with 1: `from` in the list before, `to` in the list after. */
export type ListChange =
  | { readonly change: "added"; readonly item: string; readonly to: number }
  | { readonly change: "removed"; readonly item: string; readonly from: number }
  | { readonly change: "moved"; readonly item: string; readonly from: number; readonly to: number }
  | {
      readonly change: "changed";
      readonly item: string;
      readonly was: string;
      readonly from: number;
      readonly to: number;
    };

interface Placed extends ListItem {
  readonly index: number;
}

/** The changes in the order of the list after; what was removed stands where it was. */
export function listChanges(before: readonly ListItem[], after: readonly ListItem[]): ListChange[] {
  const { pairs, gone, come } = matched(before, after);
  const staying = longestRising(pairs.map(([from]) => from));
  const moved = pairs.filter((_pair, index) => !staying.has(index));
  const stays = pairs.filter((_pair, index) => staying.has(index));
  const { changed, removed, added } = alike(gone, come, stays);
  const all: { readonly at: number; readonly change: ListChange }[] = [
    ...added.map(({ text, index }) => ({
      at: index,
      change: { change: "added" as const, item: text, to: index + 1 },
    })),
    ...moved.map(([from, to]) => ({
      at: to,
      change: { change: "moved" as const, item: after[to]?.text ?? "", from: from + 1, to: to + 1 },
    })),
    ...changed.map(([was, now]) => ({
      at: now.index,
      change: {
        change: "changed" as const,
        item: now.text,
        was: was.text,
        from: was.index + 1,
        to: now.index + 1,
      },
    })),
    ...removed.map(({ text, index }) => ({
      at: index - 0.5,
      change: { change: "removed" as const, item: text, from: index + 1 },
    })),
  ];
  return all.sort((a, b) => a.at - b.at).map(({ change }) => change);
}

/** Pairs equal items, the first with the first, in the order of the list after. */
function matched(before: readonly ListItem[], after: readonly ListItem[]) {
  const places = new Map<string, number[]>();
  for (const [index, { text }] of before.entries()) listIn(places, text).push(index);
  for (const found of places.values()) found.reverse();
  const pairs: (readonly [from: number, to: number])[] = [];
  const come: Placed[] = [];
  for (const [index, item] of after.entries()) {
    const from = places.get(item.text)?.pop();
    if (from === undefined) come.push({ ...item, index });
    else pairs.push([from, index]);
  }
  const paired = new Set(pairs.map(([from]) => from));
  const gone = before.flatMap((item, index) => (paired.has(index) ? [] : [{ ...item, index }]));
  return { pairs, gone, come };
}

/** An item that is gone and one that is alike and came between the same neighbours are one item that was changed. */
function alike(
  gone: readonly Placed[],
  come: readonly Placed[],
  stays: readonly (readonly [from: number, to: number])[],
) {
  const free = new Map<string, Placed[]>();
  for (const [index, place] of gaps(
    come,
    stays.map(([, to]) => to),
  ).entries()) {
    const item = come[index];
    if (item !== undefined) listIn(free, `${place} ${item.like}`).push(item);
  }
  for (const found of free.values()) found.reverse();
  const changed: (readonly [was: Placed, now: Placed])[] = [];
  const removed: Placed[] = [];
  const places = gaps(
    gone,
    stays.map(([from]) => from),
  );
  for (const [index, was] of gone.entries()) {
    const now = free.get(`${places[index]} ${was.like}`)?.pop();
    if (now === undefined) removed.push(was);
    else changed.push([was, now]);
  }
  return { changed, removed, added: [...free.values()].flat() };
}

/** How many of the items that stay stand before each of the others; both are in order. */
function gaps(items: readonly Placed[], stays: readonly number[]): number[] {
  let before = 0;
  return items.map(({ index }) => {
    while ((stays[before] ?? Number.POSITIVE_INFINITY) < index) before += 1;
    return before;
  });
}

function listIn<T>(lists: Map<string, T[]>, key: string): T[] {
  const known = lists.get(key);
  if (known !== undefined) return known;
  const list: T[] = [];
  lists.set(key, list);
  return list;
}

/** The places of a longest rising run of numbers, as they need not be next to each other. */
function longestRising(numbers: readonly number[]): ReadonlySet<number> {
  // `ends[length - 1]`: the place of the smallest number with which a run of this length can end.
  const ends: number[] = [];
  const previous: (number | undefined)[] = [];
  for (const [place, number] of numbers.entries()) {
    const length = countBelow(ends, numbers, number);
    previous[place] = ends[length - 1];
    ends[length] = place;
  }
  const run = new Set<number>();
  for (let place = ends.at(-1); place !== undefined; place = previous[place]) run.add(place);
  return run;
}

function countBelow(ends: readonly number[], numbers: readonly number[], number: number): number {
  let [low, high] = [0, ends.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((numbers[ends[middle] ?? 0] ?? 0) < number) low = middle + 1;
    else high = middle;
  }
  return low;
}
