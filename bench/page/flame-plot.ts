/** Draws a flame graph as SVG: who calls at the top, who is called below; the width is the time. */
import { escaped, fixed, svgText } from "./svg.js";

export interface FlameNode {
  readonly name: string;
  /** With all that it calls. */
  readonly ms: number;
  readonly children: readonly FlameNode[];
}

export interface FlamePlot {
  readonly kind: "flame";
  readonly name: string;
  readonly title: string;
  readonly unit: string;
  readonly root: FlameNode;
}

const WIDTH = 1_200;
const ROW = 16;
const TOP = 48;
/** Of a sign, at the size of the names. */
const SIGN_WIDTH = 6.2;

/** By where the code is; the first that fits. */
const COLOURS: ReadonlyArray<readonly [place: RegExp, colour: string]> = [
  [/policy\//, "#ee8866"],
  [/engine\//, "#eedd88"],
  [/storage\//, "#77aadd"],
  [/^node:| node:/, "#99ddff"],
  [/node_modules|sqlite/, "#bbcc33"],
  [/./, "#dddddd"],
];

export function drawFlame({ title, unit, root }: FlamePlot): string {
  const height = TOP + ROW * depthOf(root) + 8;
  return `${[
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" font-family="monospace" font-size="10">`,
    `<rect width="${WIDTH}" height="${height}" fill="#ffffff"/>`,
    svgText(8, 20, title, 'font-size="15" font-weight="bold" font-family="sans-serif"'),
    svgText(8, 37, unit, 'font-size="12" font-family="sans-serif"'),
    ...drawNode(root, root.ms, 0, 0),
    "</svg>",
  ].join("\n")}\n`;
}

function depthOf({ children }: FlameNode): number {
  return 1 + Math.max(0, ...children.map(depthOf));
}

function drawNode(node: FlameNode, total: number, leftMs: number, depth: number): string[] {
  const [x, wide] = [(leftMs / total) * WIDTH, (node.ms / total) * WIDTH];
  const y = TOP + depth * ROW;
  const percent = ((100 * node.ms) / total).toFixed(1);
  const name = node.name.slice(0, Math.max(0, Math.floor((wide - 4) / SIGN_WIDTH)));
  const rect = `<rect x="${fixed(x)}" y="${y}" width="${fixed(Math.max(0, wide - 0.5))}" height="${ROW - 1}" fill="${colourOf(node.name)}"/>`;
  const label = name.length < 3 ? "" : svgText(x + 2, y + 11, name);
  const own = `<g><title>${escaped(node.name)}: ${percent} %</title>${rect}${label}</g>`;
  let childMs = leftMs;
  return [
    own,
    ...node.children.flatMap((child) => {
      const drawn = drawNode(child, total, childMs, depth + 1);
      childMs += child.ms;
      return drawn;
    }),
  ];
}

function colourOf(name: string): string {
  return COLOURS.find(([place]) => place.test(name))?.[1] ?? "#dddddd";
}
