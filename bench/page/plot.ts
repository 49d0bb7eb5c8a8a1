/** Draws the plots of the docs as SVG: bars beside each other, lines and flames. The same figures give the same text. */
import { drawFlame, type FlamePlot } from "./flame-plot.js";
import { fixed, svgText } from "./svg.js";

interface Frame {
  /** The name of its file, without the bench's name. */
  readonly name: string;
  readonly title: string;
  /** What the vertical axis shows. */
  readonly unit: string;
}

/** Bars in groups, such as one group for each rate. */
export interface BarPlot extends Frame {
  readonly kind: "bars";
  readonly groups: ReadonlyArray<{
    readonly name: string;
    readonly bars: ReadonlyArray<{ readonly name: string; readonly value: number }>;
  }>;
}

export interface LinePlot extends Frame {
  readonly kind: "lines";
  /** What the horizontal axis shows. */
  readonly x: string;
  readonly series: ReadonlyArray<{
    readonly name: string;
    readonly points: ReadonlyArray<readonly [x: number, y: number]>;
  }>;
}

export type Plot = BarPlot | LinePlot | FlamePlot;

const [WIDTH, HEIGHT] = [720, 340];
const AREA = { left: 60, right: 700, top: 44, bottom: 250 };
const COLOURS = ["#4477aa", "#ee6677", "#228833", "#ccbb44", "#66ccee", "#aa3377", "#777777", "#000000"];
const TICKS = 5;

export function drawPlot(plot: Plot): string {
  if (plot.kind === "flame") return drawFlame(plot);
  const names = plot.kind === "bars" ? barNames(plot) : plot.series.map(({ name }) => name);
  const top = roundUp(Math.max(0, ...valuesOf(plot)));
  const body = plot.kind === "bars" ? drawBars(plot, names, top) : drawLines(plot, top);
  return `${[
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="sans-serif" font-size="12">`,
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="#ffffff"/>`,
    svgText(AREA.left, 20, plot.title, 'font-size="15" font-weight="bold"'),
    svgText(AREA.left, 36, plot.unit),
    ...axis(top),
    ...body,
    ...legend(names),
    "</svg>",
  ].join("\n")}\n`;
}

function barNames(plot: BarPlot): string[] {
  return [...new Set(plot.groups.flatMap(({ bars }) => bars.map(({ name }) => name)))];
}

function valuesOf(plot: BarPlot | LinePlot): number[] {
  return plot.kind === "bars"
    ? plot.groups.flatMap(({ bars }) => bars.map(({ value }) => value))
    : plot.series.flatMap(({ points }) => points.map(([, y]) => y));
}

/** The next round figure above the value, so that the axis has short figures. */
function roundUp(value: number): number {
  if (value <= 0) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  const step = [1, 1.5, 2, 3, 4, 5, 8, 10].find((each) => each * power >= value) ?? 10;
  return step * power;
}

function axis(top: number): string[] {
  return Array.from({ length: TICKS + 1 }, (_, tick) => {
    const value = (top * tick) / TICKS;
    const y = yOf(value, top);
    const line = `<line x1="${AREA.left}" x2="${AREA.right}" y1="${y}" y2="${y}" stroke="#dddddd"/>`;
    return `${line}${svgText(AREA.left - 6, y + 4, short(value), 'text-anchor="end"')}`;
  });
}

function drawBars(plot: BarPlot, names: readonly string[], top: number): string[] {
  const wide = (AREA.right - AREA.left) / Math.max(1, plot.groups.length);
  const bar = (wide * 0.8) / Math.max(1, names.length);
  return plot.groups.flatMap((group, index) => {
    const left = AREA.left + index * wide + wide * 0.1;
    const bars = group.bars.map(({ name, value }) => {
      const place = names.indexOf(name);
      const [x, y] = [left + place * bar, yOf(value, top)];
      const height = AREA.bottom - y;
      const rect = `<rect x="${fixed(x)}" y="${fixed(y)}" width="${fixed(bar * 0.9)}" height="${fixed(height)}" fill="${colour(place)}"/>`;
      return `${rect}${svgText(x + bar * 0.45, y - 4, short(value), 'text-anchor="middle" font-size="10"')}`;
    });
    return [...bars, svgText(left + wide * 0.4, AREA.bottom + 16, group.name, 'text-anchor="middle"')];
  });
}

function drawLines(plot: LinePlot, top: number): string[] {
  const xs = plot.series.flatMap(({ points }) => points.map(([x]) => x));
  const right = roundUp(Math.max(0, ...xs));
  const xOf = (x: number) => AREA.left + (x / right) * (AREA.right - AREA.left);
  const lines = plot.series.flatMap(({ points }, index) => {
    const line = points.map(([x, y]) => `${fixed(xOf(x))},${fixed(yOf(y, top))}`).join(" ");
    const dots = points.map(
      ([x, y]) => `<circle cx="${fixed(xOf(x))}" cy="${fixed(yOf(y, top))}" r="3" fill="${colour(index)}"/>`,
    );
    return [`<polyline points="${line}" fill="none" stroke="${colour(index)}" stroke-width="2"/>`, ...dots];
  });
  const ticks = Array.from({ length: TICKS + 1 }, (_, tick) => {
    const x = (right * tick) / TICKS;
    return svgText(xOf(x), AREA.bottom + 16, short(x), 'text-anchor="middle"');
  });
  return [
    ...lines,
    ...ticks,
    svgText((AREA.left + AREA.right) / 2, AREA.bottom + 34, plot.x, 'text-anchor="middle"'),
  ];
}

function legend(names: readonly string[]): string[] {
  const wide = (AREA.right - AREA.left) / Math.min(4, Math.max(1, names.length));
  return names.map((name, index) => {
    const [x, y] = [AREA.left + (index % 4) * wide, AREA.bottom + 56 + Math.floor(index / 4) * 18];
    const box = `<rect x="${fixed(x)}" y="${y - 9}" width="10" height="10" fill="${colour(index)}"/>`;
    return `${box}${svgText(x + 15, y, name)}`;
  });
}

function yOf(value: number, top: number): number {
  return Number(fixed(AREA.bottom - (value / top) * (AREA.bottom - AREA.top)));
}

function colour(index: number): string {
  return COLOURS[index % COLOURS.length] ?? "#000000";
}

/** Three figures are enough to read a plot. */
function short(value: number): string {
  return String(Number(value.toPrecision(3)));
}
