/**
 * Puts the items of a list or mapping that is written line by line together again. Lines of items that stay are copied.
 * An item owns the comment lines directly above it, and those below it that are indented further than it; blank lines and
 * other comments stand between the items and stay.
 */
import { isPair } from "yaml";
import { type Item, isAdded, isAscending, left, type Outcome, oldPlaces } from "./items.js";
import { itemLines, oneLine, pairLines } from "./render.js";
import { type Collection, keyOf, type Source } from "./source.js";

/** Where a collection stands: from its first line, or from its first item if that stands behind something else. */
export interface Region {
  readonly start: number;
  readonly end: number;
}

/** An item in its lines. */
export interface Piece extends Region {
  /** The comment lines that belong to it, above it. */
  readonly lead: string;
  /** The text between it and the next item, or the end of the region. */
  readonly gap: string;
}

interface Pieces {
  readonly before: string;
  readonly items: readonly Piece[];
  /** The first item stands behind something else on its line. */
  readonly isBehind: boolean;
  readonly column: number;
}

/** The pieces of collections, found once: each of many changed entries asks for those of its section. */
const PIECES = new WeakMap<Collection, Pieces | undefined>();

/** The items of a block collection with their lines; undefined: its dashes cannot be found. */
export function piecesOf(source: Source, node: Collection, region: Region): Pieces | undefined {
  if (!PIECES.has(node)) PIECES.set(node, findPieces(source, node, region));
  return PIECES.get(node);
}

function findPieces(source: Source, node: Collection, region: Region): Pieces | undefined {
  const starts = node.items.map((item) => itemStart(source, node, item));
  const [first] = starts;
  if (first === undefined || starts.includes(undefined)) return undefined;
  const column = source.column(first);
  const isBehind = region.start > source.lineStart(first);
  const above = isBehind
    ? { lead: "", rest: "" }
    : splitLead(source.text.slice(region.start, source.lineStart(first)));
  let { lead } = above;
  const items: Piece[] = [];
  for (const [index, start] of starts.entries()) {
    const next = starts[index + 1];
    const contentEnd = Math.min(source.lineEnd(source.end(node.items[index])), region.end);
    const limit = next === undefined ? region.end : source.lineStart(next);
    const below = splitBelow(source.text.slice(contentEnd, limit), column, next === undefined);
    items.push({ start: start ?? 0, end: contentEnd + below.tail.length, lead, gap: below.gap });
    lead = below.lead;
  }
  return { before: above.rest, items, isBehind, column };
}

/** The offset of a pair's key, or of the dash of a list's item. */
function itemStart(source: Source, node: Collection, item: unknown): number | undefined {
  if (isPair(item)) return source.start(item);
  const column = source.column(node.range?.[0] ?? 0);
  let line = source.lineStart(source.start(item));
  const listLine = source.lineStart(node.range?.[0] ?? 0);
  for (; line >= listLine; line = source.lineStart(line - 1)) {
    const before = source.text.slice(line, line + column);
    const isFirstLine = line === listLine;
    if (source.text[line + column] === "-" && (isFirstLine || before.trim() === "")) return line + column;
    if (line === 0) break;
  }
  return undefined;
}

function linesOf(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

function isComment(line: string): boolean {
  return line.trimStart().startsWith("#");
}

function splitLead(text: string): { readonly lead: string; readonly rest: string } {
  const lines = linesOf(text);
  let first = lines.length;
  while (first > 0 && isComment(lines[first - 1] ?? "")) first -= 1;
  return { lead: lines.slice(first).join(""), rest: lines.slice(0, first).join("") };
}

function splitBelow(text: string, column: number, isLast: boolean) {
  const lines = linesOf(text);
  let tail = 0;
  const isInside = (line: string) => isComment(line) && line.length - line.trimStart().length > column;
  while (tail < lines.length && isInside(lines[tail] ?? "")) tail += 1;
  const rest = lines.slice(tail).join("");
  const { lead, rest: gap } = isLast ? { lead: "", rest } : splitLead(rest);
  return { tail: lines.slice(0, tail).join(""), gap, lead };
}

/** What is known of a collection beyond its nodes. */
export interface About {
  /** The section of the file that it is in, for the style of what is new. */
  readonly section: string;
  /** Words by which a comment may name an item, to tell the item's own comment from a heading of the list. */
  readonly words: (place: number) => readonly string[];
}

/** The collection with its items as they are to be; one without items cannot be written as lines. */
export function assembleBlock(
  source: Source,
  node: Collection,
  region: Region,
  items: readonly Item[],
  about: About,
): Outcome {
  const pieces = piecesOf(source, node, region);
  if (pieces === undefined) return left("its lines cannot be told apart");
  const [first] = items;
  const lead = first === undefined || isAdded(first) ? "" : pieces.items[first.old]?.lead;
  if (pieces.isBehind && lead !== "") return left("a comment would stand between the dash and the first key");
  const text = joined(source, node, pieces, items, about);
  const isOpen = region.end > 0 && source.text[region.end - 1] !== "\n";
  const ended = isOpen ? text.replace(/\r?\n$/, "") : text;
  return { is: "written", splice: { start: region.start, end: region.end, text: ended } };
}

function joined(
  source: Source,
  node: Collection,
  pieces: Pieces,
  items: readonly Item[],
  about: About,
): string {
  const indent = " ".repeat(pieces.column);
  const gaps = gapsBetween(pieces, items, about);
  const separator = separatorOf(pieces);
  let out = gaps[0] ?? "";
  for (const [index, item] of items.entries()) {
    const lines = isAdded(item)
      ? `${index > 0 ? separator : ""}${indent}${item.lines.join(`${source.eol}${indent}`)}`
      : pieceText(source, node, pieces, item, about);
    out += index === 0 && pieces.isBehind ? lines.trimStart() : lines;
    if (!out.endsWith("\n")) out += source.eol;
    out += gaps[index + 1] ?? "";
  }
  return out;
}

/** An item that stays, with its indentation and the comments above it. */
function pieceText(
  source: Source,
  node: Collection,
  { items, column }: Pieces,
  item: Exclude<Item, { readonly lines: unknown }>,
  about: About,
): string {
  const piece = items[item.old];
  if (piece === undefined) throw new Error("an item that is not there stays");
  const body =
    "anew" in item
      ? anewText(source, node.items[item.old], piece, item.anew, about)
      : source.with(piece.start, piece.end, item.splice);
  return `${piece.lead}${" ".repeat(column)}${body}`;
}

/** An item whose value is of another form than before. Its key and the comment on its line stay. */
function anewText(source: Source, item: unknown, piece: Piece, value: unknown, { section }: About): string {
  const indent = `${source.eol}${" ".repeat(source.column(piece.start))}`;
  const comment = (offset: number) => {
    const rest = source.text.slice(offset, source.lineEnd(offset)).trimEnd();
    return rest.trimStart().startsWith("#") ? rest : "";
  };
  if (!isPair(item)) {
    const [first = "", ...more] = itemLines(value, true);
    return [`${first}${comment(source.end(item))}`, ...more].join(indent);
  }
  const keyEnd = source.text.indexOf(":", source.end(item.key)) + 1;
  const behind = comment(keyEnd) || comment(source.end(item));
  const isShort = typeof value !== "object" || value === null || Object.keys(value).length === 0;
  const lines = isShort ? [` ${oneLine(value)}`] : ["", ...pairLines(section, keyOf(item), value).slice(1)];
  const [first = "", ...more] = lines;
  return [`${source.text.slice(piece.start, keyEnd)}${first}${behind}`, ...more].join(indent);
}

/** Blank lines that stand between all items also stand before one that is added. */
function separatorOf({ items }: Pieces): string {
  const between = items.slice(0, -1).map(({ gap }) => gap);
  const last = between.at(-1) ?? "";
  return between.every((gap) => gap !== "") && last.trim() === "" ? last : "";
}

/** The text before each item, and the one behind the last. */
function gapsBetween(pieces: Pieces, items: readonly Item[], about: About): string[] {
  const { items: all, before } = pieces;
  const end = all.at(-1)?.gap ?? "";
  const places = oldPlaces(items);
  if (!isAscending(places)) {
    const between = all.slice(0, -1).map(({ gap }) => gap);
    return [before, ...items.slice(1).map((_, index) => between[index] ?? ""), end];
  }
  const gaps: string[] = [];
  let last = -1;
  for (const item of items) {
    if (isAdded(item)) gaps.push(gaps.length === 0 ? heading(pieces, before, item, about) : "");
    else {
      const passed = all.slice(Math.max(last, 0), item.old).map(({ gap }) => gap);
      gaps.push(last === -1 ? merged([heading(pieces, before, item, about), ...passed]) : merged(passed));
      last = item.old;
    }
  }
  const rest = all.slice(Math.max(last, 0), -1).map(({ gap }) => gap);
  return [...gaps, [...rest.filter((gap) => gap.trim() !== ""), end].join("")];
}

/** What stands before the first item: with the comment above an item that goes, where that is the list's and not its. */
function heading({ items }: Pieces, before: string, next: Item, { words }: About): string {
  const [first, ...others] = items;
  const isGone = isAdded(next) || next.old > 0;
  if (first === undefined || !isGone || first.lead === "") return before;
  const comment = first.lead.toLowerCase();
  const isOwn =
    others.some(({ lead }) => lead !== "") || words(0).some((word) => comment.includes(word.toLowerCase()));
  return isOwn ? before : `${before}${first.lead}`;
}

/** Gaps around items that went: blank lines once, other comments all. */
function merged(gaps: readonly string[]): string {
  const [first = ""] = gaps;
  const comments = gaps.filter((gap) => gap.trim() !== "");
  return comments.length === 0 ? first : comments.join("");
}
