/**
 * Where the boxes of a picture stand: places that are reached by one way more stand one column further, in the order in
 * which steps lead to them, so that lines seldom cross.
 */
import type { Graph } from "./played.js";

type Place = Graph["places"][number];

export interface Line {
  readonly kind: string;
  readonly rows: readonly string[];
  /** From the top of its box. */
  readonly top: number;
}

export interface Box {
  readonly place: Place;
  readonly lines: readonly Line[];
  readonly x: number;
  readonly y: number;
  readonly height: number;
}

export interface Way {
  readonly from: Box;
  readonly step: number;
  readonly to: Box;
}

export interface Picture {
  readonly boxes: readonly Box[];
  readonly ways: readonly Way[];
  readonly width: number;
  readonly height: number;
}

export const WIDTH_PX = 264;
export const LINE_PX = 19;
export const TITLE_PX = 44;
const GAP_X = 60;
const GAP_Y = 28;
const STEP_GAP = 12;
const PAD = 10;
const ROW_CHARS = 32;

export function boxesOf(graph: Graph): Picture {
  const columns = columnsOf(graph);
  const boxes = new Map<string, Box>();
  let height = 0;
  for (const [column, places] of columns.entries()) {
    let y = PAD;
    for (const place of places) {
      const lines = linesOf(place);
      const box = boxAt(place, lines, PAD + column * (WIDTH_PX + GAP_X), y);
      boxes.set(place.id, box);
      y += box.height + GAP_Y;
    }
    height = Math.max(height, y - GAP_Y + PAD);
  }
  const ways = graph.ways.flatMap(({ from, step, to }) => {
    const [start, end] = [boxes.get(from), boxes.get(to)];
    return start === undefined || end === undefined ? [] : [{ from: start, step, to: end }];
  });
  const width = columns.length * (WIDTH_PX + GAP_X) - GAP_X + 2 * PAD;
  const all = graph.places.flatMap(({ id }) => boxes.get(id) ?? []);
  return { boxes: all, ways, width: Math.max(width, WIDTH_PX), height: Math.max(height, TITLE_PX) };
}

/** The first place, then those that are one way away, and so on. */
function columnsOf({ places, ways }: Graph): readonly (readonly Place[])[] {
  const byId = new Map(places.map((place) => [place.id, place]));
  const [first] = places;
  const seen = new Set<string>();
  const columns: Place[][] = [];
  let next = first === undefined ? [] : [first];
  while (next.length > 0) {
    for (const { id } of next) seen.add(id);
    columns.push(next);
    const following: Place[] = [];
    for (const { id } of next)
      for (const way of ways.filter(({ from }) => from === id)) {
        const place = byId.get(way.to);
        if (place === undefined || seen.has(place.id)) continue;
        seen.add(place.id);
        following.push(place);
      }
    next = following;
  }
  return columns;
}

function linesOf({ steps }: Place): readonly Line[] {
  let top = TITLE_PX;
  return steps.map(({ kind, sentence }) => {
    const rows = wrapped(sentence);
    const line = { kind, rows, top };
    top += rows.length * LINE_PX + STEP_GAP;
    return line;
  });
}

function boxAt(place: Place, lines: readonly Line[], x: number, y: number): Box {
  const last = lines.at(-1);
  const height = last === undefined ? TITLE_PX : last.top + last.rows.length * LINE_PX + PAD;
  return { place, lines, x, y, height };
}

/** SVG does not break lines by itself. */
function wrapped(text: string): readonly string[] {
  const rows: string[] = [];
  for (const word of text.split(" ")) {
    const row = rows.at(-1);
    if (row === undefined || row.length + 1 + word.length > ROW_CHARS) rows.push(word);
    else rows[rows.length - 1] = `${row} ${word}`;
  }
  return rows;
}

/** From the right end of the step to the left side of the place, or around to a place that stands further left. */
export function wayPath({ from, step, to }: Way): string {
  const line = from.lines[step - 1];
  const startX = from.x + WIDTH_PX;
  const startY = from.y + (line === undefined ? TITLE_PX / 2 : line.top + LINE_PX / 2);
  const endX = to.x - 2;
  const endY = to.y + TITLE_PX / 2;
  if (to.x > from.x) {
    const bend = Math.max(GAP_X / 2, (endX - startX) / 2);
    return `M${startX} ${startY}C${startX + bend} ${startY} ${endX - bend} ${endY} ${endX} ${endY}`;
  }
  const out = startX + GAP_X / 3;
  const into = to.x - 6;
  const under = Math.max(from.y + from.height, to.y + to.height) + GAP_Y / 2;
  return `M${startX} ${startY}C${out} ${startY} ${out} ${under} ${startX - 20} ${under}L${into + 20} ${under}C${into - 24} ${under} ${into - 24} ${endY} ${endX} ${endY}`;
}
