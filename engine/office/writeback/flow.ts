/** Puts the items of a list or mapping in brackets together again. What stands between items that stay is copied. */
import { isMap, isPair } from "yaml";
import { type Item, isAdded, isAscending, left, type Outcome, oldPlaces } from "./items.js";
import { asJson, oneLine, oneLinePair } from "./render.js";
import { type Collection, keyOf, type Source } from "./source.js";

/** The offsets of the items, and of the text between the brackets. */
interface Places {
  readonly open: number;
  readonly close: number;
  readonly items: readonly { readonly start: number; readonly end: number }[];
}

export function assembleFlow(source: Source, node: Collection, items: readonly Item[]): Outcome {
  const places = placesOf(source, node);
  const { open, close } = places;
  const inner = items.length === 0 ? "" : innerText(source, node, places, items);
  if (inner === undefined) return left("its items cannot change places because of comments between them");
  return { is: "written", splice: { start: open + 1, end: close, text: inner } };
}

function placesOf(source: Source, node: Collection): Places {
  const items = node.items.map((item) => ({ start: source.start(item), end: source.end(item) }));
  return { open: node.range?.[0] ?? 0, close: (node.range?.[1] ?? 0) - 1, items };
}

function innerText(
  source: Source,
  node: Collection,
  places: Places,
  items: readonly Item[],
): string | undefined {
  const { open, close, items: all } = places;
  const between = (place: number) => source.text.slice(all[place]?.end, all[place + 1]?.start ?? close);
  const [first] = all;
  if (first === undefined) return ` ${items.map((item) => textOf(source, node, places, item)).join(", ")} `;
  const kept = oldPlaces(items);
  const isMoved = !isAscending(kept);
  const separators = all.slice(0, -1).map((_, place) => between(place));
  if (isMoved && separators.some((text) => text.includes("#"))) return undefined;
  const lines = source.text.slice(open + 1, first.start) + separators.join("");
  const indent = " ".repeat(source.column(all.at(-1)?.start ?? 0));
  const added = lines.includes("\n") ? `,${source.eol}${indent}` : ", ";
  let out = source.text.slice(open + 1, first.start);
  for (const [index, item] of items.entries()) {
    if (index > 0) out += separatorBefore(items, index, separators, added, isMoved);
    out += textOf(source, node, places, item);
  }
  return `${out}${ending(items, between(all.length - 1), all.length, source.eol)}`;
}

/** The text between an item and the one before it. */
function separatorBefore(
  items: readonly Item[],
  index: number,
  separators: readonly string[],
  added: string,
  isMoved: boolean,
): string {
  const [before, item] = [items[index - 1], items[index]];
  if (isMoved) return separators[index - 1] ?? added;
  if (isAdded(item) || isAdded(before) || before === undefined) return added;
  return separators[before.old] ?? added;
}

/** What stands before the closing bracket; a comment there goes with the last item. */
function ending(items: readonly Item[], tail: string, count: number, eol: string): string {
  const last = items.at(-1);
  const isLastKept = last !== undefined && !isAdded(last) && last.old === count - 1;
  if (isLastKept || !tail.includes("#")) return tail;
  return `${eol}${tail.replace(/#[^\n]*/g, "").replace(/^[^\n]*\n/, "")}`;
}

function textOf(source: Source, node: Collection, { items }: Places, item: Item): string {
  const written = (line: string) => (source.isJson ? asJson(line, isMap(node)) : line);
  if (isAdded(item)) return written(item.oneLine);
  const { start, end } = items[item.old] ?? { start: 0, end: 0 };
  if (!("anew" in item)) return source.with(start, end, item.splice);
  const before = node.items[item.old];
  return written(isPair(before) ? oneLinePair(keyOf(before), item.anew) : oneLine(item.anew));
}
