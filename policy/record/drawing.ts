/**
 * Draws a call as SVG: time to the right, a lane for the caller and one for each phone. Colours follow the reader's light or
 * dark screen, patterns tell the kinds apart without colours, and a description is there for those who cannot see it. The
 * picture loads nothing and runs nothing; every text is escaped.
 */
import { escapeXml, printable } from "../text.js";
import { type Lane, lanesOf, SPAN_KINDS, type Span, type SpanKind } from "./drawing-lanes.js";
import { Scale } from "./drawing-scale.js";
import type { CallRecord } from "./record.js";
import type { Names } from "./spoken-names.js";
import { type Story, storyOf } from "./story.js";
import { clockTime, lengthInWords, shortLength } from "./times.js";

const WIDTH = 960;
const MARGIN = 20;
/** Where titles of lanes end, and the time axis begins and ends. */
const AXIS_FROM = 230;
const AXIS_TO = WIDTH - MARGIN - 24;
const AXIS_TOP = 132;
const LANE_TOP = AXIS_TOP + 30;
const LANE_HEIGHT = 48;
const BAR_HEIGHT = 18;
const LEGEND_HEIGHT = 48;
/** Characters that fit, by the average width of a letter at each size. */
const HEADLINE_CHARACTERS = 92;
const ENDING_CHARACTERS = 135;
const TITLE_CHARACTERS = 27;
const SUBTITLE_CHARACTERS = 33;
const TEXT_CHARACTERS = 112;

const LEGEND: Readonly<Record<SpanKind, string>> = {
  dialling: "is dialled, or waits",
  ringing: "rings, or hears it ring",
  prompt: "hears an announcement or a question",
  talk: "talks",
  message: "leaves a message",
};

/** @param timezone the zone in which the time of the call is written */
export function drawingOf(record: CallRecord, names: Names, timezone: string): string {
  const story = storyOf(record, names);
  const untilMs = record.endedMs ?? record.happenings.at(-1)?.atMs ?? record.beganMs;
  const lanes = lanesOf(record, names, untilMs);
  const endMs = Math.max(untilMs, record.beganMs + 1_000);
  const moments = lanes.flatMap(({ spans }) => spans.flatMap(({ fromMs, toMs }) => [fromMs, toMs]));
  const scale = new Scale(
    [record.beganMs, endMs, ...moments.filter((ms) => ms <= endMs)],
    AXIS_FROM,
    AXIS_TO,
  );
  const bottom = LANE_TOP + lanes.length * LANE_HEIGHT;
  const height = bottom + LEGEND_HEIGHT;
  const id = `call-${record.id.replace(/[^A-Za-z0-9]/g, "").slice(0, ID_CHARACTERS)}`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" class="ringline-call" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" aria-labelledby="${id}-title ${id}-desc">`,
    `<title id="${id}-title">${safe(story.headline)}</title>`,
    `<desc id="${id}-desc">${safe(described(story, record))}</desc>`,
    `<style>${STYLE}</style>`,
    patterns(id),
    `<rect class="paper" width="${WIDTH}" height="${height}"/>`,
    ...heading(story, record, timezone),
    ...axis(scale, record.beganMs, bottom),
    ...lanes.flatMap((lane, index) => bars(lane, LANE_TOP + index * LANE_HEIGHT, scale, id)),
    ...breaks(scale, bottom),
    ...lanes.flatMap((lane, index) => texts(lane, LANE_TOP + index * LANE_HEIGHT)),
    ...legend(lanes, bottom, id),
    "</svg>\n",
  ].join("\n");
}

const ID_CHARACTERS = 12;

function safe(raw: string): string {
  return escapeXml(printable(raw));
}

/** Longer text is cut; all of it is in the description. */
function cut(raw: string, characters: number): string {
  const all = Array.from(raw);
  return safe(all.length <= characters ? raw : `${all.slice(0, characters - 1).join("")}…`);
}

/** The whole story for those who listen to it. */
function described({ ending, lines, phones }: Story, { beganMs }: CallRecord): string {
  const told = lines.map(({ atMs, text }) => `${clockTime(atMs - beganMs)} ${text}`);
  return [ending, ...told, ...phones.map(({ phone, text }) => `${phone} ${text}.`)].join(" ");
}

function heading(story: Story, { beganMs }: CallRecord, timezone: string): string[] {
  const when = new Intl.DateTimeFormat("en-GB", {
    timeZone: timezone,
    dateStyle: "full",
    timeStyle: "medium",
  }).format(beganMs);
  return [
    `<text class="headline" x="${MARGIN}" y="36">${cut(story.headline, HEADLINE_CHARACTERS)}</text>`,
    `<text class="muted" x="${MARGIN}" y="58">${safe(`${when} (${timezone})`)}</text>`,
    ...linesWithin(story.ending, ENDING_CHARACTERS, 2).map(
      (line, index) => `<text x="${MARGIN}" y="${82 + index * 18}">${safe(line)}</text>`,
    ),
  ];
}

/** A text in lines of so many characters; what does not fit is cut. */
function linesWithin(text: string, characters: number, linesMax: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const line = lines.at(-1);
    if (line !== undefined && line.length + 1 + word.length <= characters)
      lines.splice(-1, 1, `${line} ${word}`);
    else lines.push(word);
  }
  const last = lines[linesMax - 1];
  if (lines.length <= linesMax || last === undefined) return lines;
  return [...lines.slice(0, linesMax - 1), `${last.slice(0, characters - 1)}…`];
}

function axis(scale: Scale, zeroMs: number, bottom: number): string[] {
  return [
    `<line class="line" x1="${AXIS_FROM}" y1="${AXIS_TOP}" x2="${AXIS_TO}" y2="${AXIS_TOP}"/>`,
    ...scale
      .ticks(zeroMs)
      .flatMap(({ atMs, x }) => [
        `<line class="grid" x1="${px(x)}" y1="${AXIS_TOP}" x2="${px(x)}" y2="${bottom - 6}"/>`,
        `<text class="tick" x="${px(x)}" y="${AXIS_TOP - 10}">${clockTime(atMs - zeroMs)}</text>`,
      ]),
  ];
}

function bars({ spans }: Lane, top: number, scale: Scale, id: string): string[] {
  return spans.map((span) => bar(span, top, scale, id));
}

/** Drawn over the breaks of the axis, which would hide a part. */
function texts({ title, subtitle, text, spans }: Lane, top: number): string[] {
  const below = top + (spans.length === 0 ? 14 : BAR_HEIGHT + 14);
  return [
    `<text class="lane" x="${MARGIN}" y="${top + 14}">${cut(title, TITLE_CHARACTERS)}</text>`,
    ...(subtitle === ""
      ? []
      : [`<text class="small" x="${MARGIN}" y="${top + 31}">${cut(subtitle, SUBTITLE_CHARACTERS)}</text>`]),
    `<text class="small halo" x="${AXIS_FROM}" y="${below}">${cut(text, TEXT_CHARACTERS)}</text>`,
  ];
}

/** So narrow a bar can still be seen. */
const BAR_MIN_PX = 2;

function bar({ kind, fromMs, toMs }: Span, top: number, scale: Scale, id: string): string {
  const x = scale.x(fromMs);
  const width = Math.max(BAR_MIN_PX, scale.x(toMs) - x);
  const place = `x="${px(x)}" y="${top}" width="${px(width)}" height="${BAR_HEIGHT}"`;
  return `<g><title>${LEGEND[kind]}: ${lengthInWords(toMs - fromMs)}</title><rect class="${kind} base" ${place}/><rect fill="url(#${id}-${kind})" ${place}/><rect class="${kind} edge" ${place}/></g>`;
}

/** Two slanted lines through all lanes, and how much time lies between them. */
function breaks(scale: Scale, bottom: number): string[] {
  return scale.breaks().flatMap(({ x, ms }) => {
    const [top, end] = [AXIS_TOP - 3, bottom - 6];
    const edge = (dx: number) => `M${px(x + dx + 3)} ${top} L${px(x + dx - 3)} ${end}`;
    const strip = `M${px(x - 2)} ${top} L${px(x + 8)} ${top} L${px(x + 2)} ${end} L${px(x - 8)} ${end} Z`;
    return [
      `<path class="strip" d="${strip}"/>`,
      `<path class="slash" d="${edge(-5)} ${edge(5)}"/>`,
      `<text class="tick" x="${px(x)}" y="${AXIS_TOP - 10}">${shortLength(ms)}</text>`,
    ];
  });
}

function legend(lanes: readonly Lane[], bottom: number, id: string): string[] {
  const used = new Set(lanes.flatMap(({ spans }) => spans.map(({ kind }) => kind)));
  let x = MARGIN;
  return SPAN_KINDS.filter((kind) => used.has(kind)).map((kind) => {
    const place = `x="${x}" y="${bottom + 14}" width="26" height="14"`;
    const text = `<text class="small" x="${x + 34}" y="${bottom + 25}">${LEGEND[kind]}</text>`;
    x += 34 + LEGEND[kind].length * LEGEND_LETTER_PX + 24;
    return `<g><rect class="${kind} base" ${place}/><rect fill="url(#${id}-${kind})" ${place}/><rect class="${kind} edge" ${place}/>${text}</g>`;
  });
}

const LEGEND_LETTER_PX = 6.5;

function px(value: number): string {
  return String(Math.round(value * 10) / 10);
}

/** What is drawn over the colour of each kind: dots, slanted, upright and level lines; talk is full. */
const PATTERNS: Readonly<Record<SpanKind, readonly [width: number, height: number, drawn: string]>> = {
  dialling: [6, 6, `<circle class="dialling ink" cx="3" cy="3" r="1.1"/>`],
  ringing: [8, 8, `<path class="ringing stroke" d="M-2 2 L2 -2 M0 8 L8 0 M6 10 L10 6"/>`],
  prompt: [6, 6, `<path class="prompt stroke" d="M3 0 V6"/>`],
  talk: [6, 6, `<rect class="talk ink" width="6" height="6"/>`],
  message: [6, 6, `<path class="message stroke" d="M0 3 H6"/>`],
};

function patterns(id: string): string {
  const all = SPAN_KINDS.map((kind) => {
    const [width, height, drawn] = PATTERNS[kind];
    return `<pattern id="${id}-${kind}" width="${width}" height="${height}" patternUnits="userSpaceOnUse">${drawn}</pattern>`;
  });
  return `<defs>${all.join("")}</defs>`;
}

const LIGHT = {
  paper: "#ffffff",
  ink: "#1f2328",
  muted: "#57606a",
  line: "#d0d7de",
  dialling: "#6e7781",
  ringing: "#0969da",
  prompt: "#9a6700",
  talk: "#1a7f37",
  message: "#8250df",
};

const DARK: Readonly<Record<keyof typeof LIGHT, string>> = {
  paper: "#0d1117",
  ink: "#e6edf3",
  muted: "#9198a1",
  line: "#30363d",
  dialling: "#8b949e",
  ringing: "#4493f8",
  prompt: "#d29922",
  talk: "#3fb950",
  message: "#ab7df8",
};

function variables(colours: Readonly<Record<string, string>>): string {
  return Object.entries(colours)
    .map(([name, value]) => `--${name}:${value}`)
    .join(";");
}

function kindStyle(kind: SpanKind): string {
  const colour = `var(--${kind})`;
  return [
    `.ringline-call .${kind}.base{fill:${colour};fill-opacity:.16}`,
    `.ringline-call .${kind}.ink{fill:${colour}}`,
    `.ringline-call .${kind}.stroke{stroke:${colour};stroke-width:1.6;fill:none}`,
    `.ringline-call .${kind}.edge{fill:none;stroke:${colour};stroke-width:1}`,
  ].join("");
}

const STYLE = [
  `.ringline-call{${variables(LIGHT)};font-family:system-ui,"Segoe UI","Noto Sans",Helvetica,Arial,sans-serif}`,
  `@media (prefers-color-scheme:dark){.ringline-call{${variables(DARK)}}}`,
  ".ringline-call text{fill:var(--ink);font-size:13px}",
  ".ringline-call .headline{font-size:17px;font-weight:600}",
  ".ringline-call .lane{font-weight:600}",
  ".ringline-call .muted,.ringline-call .small,.ringline-call .tick{fill:var(--muted)}",
  ".ringline-call .small{font-size:12px}",
  ".ringline-call .halo{stroke:var(--paper);stroke-width:4px;paint-order:stroke;stroke-linejoin:round}",
  ".ringline-call .tick{font-size:11px;text-anchor:middle}",
  ".ringline-call .paper,.ringline-call .strip{fill:var(--paper)}",
  ".ringline-call .line,.ringline-call .grid{stroke:var(--line)}",
  ".ringline-call .slash{stroke:var(--muted);stroke-width:1.2;fill:none}",
  ...SPAN_KINDS.map(kindStyle),
].join("");
