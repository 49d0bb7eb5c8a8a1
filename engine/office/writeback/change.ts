/**
 * Changes the nodes of an office file from what the files say to what is live. Both are given as `export` writes them; a
 * node is touched only where the two differ, so that everything else stays as the operator wrote it.
 */
import { isAlias, isMap, isPair, isScalar, isSeq, type Pair, type YAMLMap, type YAMLSeq } from "yaml";
import { same } from "../../../policy/office/same.js";
import { assembleBlock, piecesOf, type Region } from "./block.js";
import { assembleFlow } from "./flow.js";
import { type Added, ANEW, type Item, left, type Outcome, SAME } from "./items.js";
import { itemLines, oneLine, oneLinePair, pairLines } from "./render.js";
import { type Collection, isBlock, keyOf, type Source } from "./source.js";

export type Mapping = Readonly<Record<string, unknown>>;

/** What a list or mapping is in, and where what cannot be written is noted. */
export interface Context {
  readonly source: Source;
  readonly section: string;
  /** The end of the lines of the node. */
  readonly end: number;
  /** The node stands behind something on its line, or on lines of its own that begin here. */
  readonly start: number;
  /** Notes a key that is left as it is; not given: the whole node is left. */
  readonly leave?: (key: string, why: string) => void;
}

/** Lists whose items have names, and the key of the name. */
const NAMED: Readonly<Record<string, string>> = { devices: "id", members: "user" };

/** Changes a value. @param key the key that the value stands behind, or whose list it is an item of */
function changeValue(context: Context, node: unknown, key: string, from: unknown, to: unknown): Outcome {
  if (same(from, to)) return SAME;
  const { source } = context;
  if (isAlias(node)) return left(`it is an alias of &${node.source}`);
  if (source.isAliased(node)) return left("an alias refers to it");
  if (isScalar(node) && isPlain(to) && node.type !== "BLOCK_LITERAL" && node.type !== "BLOCK_FOLDED") {
    if (node.range === null || node.range === undefined || node.range[0] === node.range[1]) return ANEW;
    const [start, end] = node.range;
    return { is: "written", splice: { start, end, text: source.restyled(node, to) } };
  }
  if (isMap(node) && isMapping(from) && isMapping(to)) return changeMap(context, node, from, to);
  if (isSeq(node) && Array.isArray(from) && Array.isArray(to))
    return changeList(context, node, key, from, to);
  return source.isShared(node) ? left("an alias refers to a part of it") : ANEW;
}

export function changeMap(context: Context, node: YAMLMap, from: Mapping, to: Mapping): Outcome {
  const items: Item[] = [];
  const keys = node.items.map((pair) => keyOf(pair as Pair));
  for (const [place, pair] of (node.items as Pair[]).entries()) {
    const item = changePair(context, node, place, pair, from, to);
    if (typeof item === "string") {
      if (context.leave === undefined) return left(item);
      context.leave(keys[place] ?? "", item);
      items.push({ old: place });
    } else if (item !== null) items.push(item);
  }
  const order = Object.keys(to);
  for (const [index, key] of order.entries()) {
    if (keys.includes(key) || to[key] === undefined || same(from[key], to[key])) continue;
    const before = order.slice(0, index).map((each) => placeOfKey(items, node, each));
    items.splice(Math.max(-1, ...before) + 1, 0, Object.assign(addedPair(context, key, to[key]), { key }));
  }
  return assemble(context, node, items, (place) =>
    (keys[place] ?? "").length > 2 ? [keys[place] ?? ""] : [],
  );
}

function placeOfKey(items: readonly Item[], node: YAMLMap, key: string): number {
  return items.findIndex((item) =>
    "old" in item
      ? keyOf(node.items[item.old] as Pair) === key
      : (item as Added & { key?: string }).key === key,
  );
}

function addedPair({ section }: Context, key: string, value: unknown): Added {
  return { lines: pairLines(section, key, value), oneLine: oneLinePair(key, value) };
}

/** @returns null: it goes; a text: why it cannot be changed */
function changePair(
  context: Context,
  node: YAMLMap,
  place: number,
  pair: Pair,
  from: Mapping,
  to: Mapping,
): Item | null | string {
  const { source } = context;
  const key = keyOf(pair);
  const wanted = to[key];
  // What `export` leaves out is the default, which the operator may have written all the same.
  if (wanted === undefined && from[key] === undefined) return { old: place };
  if (wanted === undefined) return source.isShared(pair) ? "an alias refers to it" : null;
  const was = from[key] === undefined ? source.value(pair.value) : from[key];
  const region = valueRegion(context, node, place, pair.value);
  if (region === undefined) return "its lines cannot be told apart";
  const outcome = changeValue(
    { source, section: context.section, ...region },
    pair.value,
    context.section === "flows" ? "" : key,
    was,
    wanted,
  );
  return itemOf(outcome, place, wanted);
}

function itemOf(outcome: Outcome, place: number, wanted: unknown): Item | string {
  switch (outcome.is) {
    case "same":
      return { old: place };
    case "written":
      return { old: place, splice: outcome.splice };
    case "anew":
      return { old: place, anew: wanted };
    case "left":
      return outcome.why;
  }
}

/** The lines of the value of an item of a collection. */
export function valueRegion(
  context: Context,
  node: Collection,
  place: number,
  value: unknown,
): Region | undefined {
  const { source } = context;
  if (!isBlock(node) || !isBlock(value)) return { start: source.start(value), end: source.end(value) };
  const piece = piecesOf(source, node, context)?.items[place];
  if (piece === undefined) return undefined;
  const start = source.start(value);
  const ownLine = source.lineStart(start);
  if (ownLine <= piece.start) return { start, end: piece.end };
  return {
    start: source.lineEnd(isPair(node.items[place]) ? keyLine(source, node.items[place]) : piece.start),
    end: piece.end,
  };
}

function keyLine(source: Source, pair: unknown): number {
  return isPair(pair) ? source.end(pair.key) : 0;
}

/** @param words what comments may call an item */
export function assemble(
  context: Context,
  node: Collection,
  items: readonly Item[],
  words: (place: number) => readonly string[],
): Outcome {
  const isUntouched = (item: Item, index: number) =>
    "old" in item && item.old === index && !("anew" in item) && item.splice === undefined;
  if (items.length === node.items.length && items.every(isUntouched)) return SAME;
  if (node.flow === true) return assembleFlow(context.source, node, items);
  if (items.length === 0)
    return context.source.isShared(node) ? left("an alias refers to a part of it") : emptied(context, node);
  return assembleBlock(context.source, node, context, items, { section: context.section, words });
}

/** A list or mapping that loses all its items. Comments that belong to none of them stay. */
function emptied({ source, start, end }: Context, node: Collection): Outcome {
  const pieces = piecesOf(source, node, { start, end });
  const comments = [pieces?.before ?? "", ...(pieces?.items ?? []).map(({ gap }) => gap)];
  if (pieces === undefined || pieces.isBehind || comments.every((text) => text.trim() === "")) return ANEW;
  const empty = `${" ".repeat(Math.max(pieces.column, 2))}${isMap(node) ? "{}" : "[]"}${source.eol}`;
  return { is: "written", splice: { start, end, text: `${empty}${comments.join("")}` } };
}

function changeList(
  context: Context,
  node: YAMLSeq,
  key: string,
  from: readonly unknown[],
  to: readonly unknown[],
): Outcome {
  const { source } = context;
  const nameKey = NAMED[key];
  const nameOf = (item: unknown) =>
    nameKey !== undefined && isMapping(item) ? String(item[nameKey]) : undefined;
  const matched =
    nameKey === undefined
      ? matchByPlace(from, to, source.value(node) as readonly unknown[])
      : matchByName(
          from.map(nameOf),
          to.map(nameOf),
          node.items.map((item) => nameOf(source.value(item))),
        );
  if (matched === undefined) return source.isShared(node) ? left("an alias refers to a part of it") : ANEW;
  const staying = new Set(matched.map(({ old }) => old));
  if (node.items.some((item, place) => !staying.has(place) && source.isShared(item)))
    return left("an alias refers to a part of it");
  const last: unknown = node.items.at(-1);
  const isOneLine = !isMap(last) || last.flow === true;
  const items: Item[] = [];
  for (const { old, was, is } of matched) {
    if (old === undefined) {
      items.push({ lines: itemLines(to[is], isOneLine), oneLine: oneLine(to[is]) });
      continue;
    }
    const region = valueRegion(context, node, old, node.items[old]);
    if (region === undefined) return left("its lines cannot be told apart");
    const inner = { source, section: context.section, ...region };
    const item = itemOf(changeValue(inner, node.items[old], "", from[was], to[is]), old, to[is]);
    if (typeof item === "string") return left(item);
    items.push(item);
  }
  const words = (place: number) => wordsOf(source.value(node.items[place]));
  return assemble(context, node, items, words);
}

/** Words by which a comment may name an entry or an item. */
export function wordsOf(value: unknown): string[] {
  if (!isMapping(value)) return [];
  const names = [
    value["username"],
    value["id"],
    value["user"],
    value["number"],
    value["name"],
    value["label"],
  ];
  const texts = names.flatMap((name) => (typeof name === "string" ? [name] : []));
  const parts = texts.flatMap((text) => text.split(/[^\p{L}\p{N}]+/u));
  return [...texts, ...parts].filter((word) => word.length > 2);
}

/** An item of the new list: the place of its node, if it has one, and its places in the lists of before and after. */
interface Matched {
  readonly old: number | undefined;
  readonly was: number;
  readonly is: number;
}

function matchByName(
  from: readonly (string | undefined)[],
  to: readonly (string | undefined)[],
  nodes: readonly (string | undefined)[],
): readonly Matched[] {
  return to.map((name, is) => {
    const old = nodes.indexOf(name);
    return { old: old === -1 ? undefined : old, was: from.indexOf(name), is };
  });
}

/** Items without names: those that are the same in both lists stay, and one in the place of another changes it. */
function matchByPlace(
  from: readonly unknown[],
  to: readonly unknown[],
  nodes: readonly unknown[],
): readonly Matched[] | undefined {
  if (nodes.every(isPlain) && from.every(isPlain)) {
    // `export` sorts lists whose order means nothing; then items are found by what they say.
    const texts = nodes.map(String);
    const isOrdered = same(texts, from.map(String));
    const isSame = same([...texts].sort(), from.map(String).sort());
    if (!isOrdered && !isSame) return undefined;
    if (!isOrdered) return matchSorted(from.map(String), to.map(String), texts);
  }
  if (nodes.length !== from.length) return undefined;
  const matched: Matched[] = [];
  let [was, is] = [0, 0];
  for (const [nextWas, nextIs] of [...commonItems(from, to), [from.length, to.length] as const]) {
    for (; is < nextIs; is += 1, was += was < nextWas ? 1 : 0)
      matched.push(was < nextWas ? { old: was, was, is } : { old: undefined, was: -1, is });
    if (nextIs < to.length) matched.push({ old: nextWas, was: nextWas, is: nextIs });
    [was, is] = [nextWas + 1, nextIs + 1];
  }
  return matched;
}

function matchSorted(from: readonly string[], to: readonly string[], nodes: readonly string[]): Matched[] {
  const kept = nodes.flatMap((text, old) =>
    to.includes(text) ? [{ old, was: from.indexOf(text), is: to.indexOf(text) }] : [],
  );
  const added = to.flatMap((text, is) => (from.includes(text) ? [] : [{ old: undefined, was: -1, is }]));
  return [...kept, ...added];
}

/** The longest common subsequence of two short lists, as pairs of places. */
function commonItems(
  from: readonly unknown[],
  to: readonly unknown[],
): readonly (readonly [number, number])[] {
  const lengths = Array.from({ length: from.length + 1 }, () => new Array<number>(to.length + 1).fill(0));
  const at = (i: number, j: number) => lengths[i]?.[j] ?? 0;
  for (let i = from.length - 1; i >= 0; i -= 1)
    for (let j = to.length - 1; j >= 0; j -= 1) {
      const row = lengths[i];
      if (row !== undefined)
        row[j] = same(from[i], to[j]) ? 1 + at(i + 1, j + 1) : Math.max(at(i + 1, j), at(i, j + 1));
    }
  const pairs: [number, number][] = [];
  for (let [i, j] = [0, 0]; i < from.length && j < to.length; ) {
    if (same(from[i], to[j])) pairs.push([i++, j++]);
    else if (at(i + 1, j) >= at(i, j + 1)) i += 1;
    else j += 1;
  }
  return pairs;
}

function isMapping(value: unknown): value is Mapping {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isPlain(value: unknown): boolean {
  return typeof value !== "object" || value === null;
}
