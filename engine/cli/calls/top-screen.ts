/** `ringline top` as lines: what stands on a screen of so many columns and rows, and what is printed without one. */
import { counted } from "../../counted.js";
import type { FeedFigures } from "../../feed/protocol.js";
import type { FeedView } from "../../feed/reading.js";
import { cells, inCells } from "../shared/cells.js";
import type { TopState } from "./top-keys.js";
import { COLUMNS, type Column, clockText, type Row, rowsOf, SORTS, TABS, type Tab } from "./top-words.js";

export type Tone = Row["tone"] | "head" | "bold";

export interface Line {
  readonly text: string;
  readonly tone: Tone;
}

/** What is known of the engine besides what it has told. */
export interface Standing {
  /** Why there is no connection, and since when; null: there is one. */
  readonly away: { readonly why: string; readonly sinceMs: number } | null;
  /** When the last line came. */
  readonly heardMs: number;
  readonly nowMs: number;
}

/** An engine says something each second; after so long a person should know that it does not. */
const QUIET_MS = 3_000;

/** Lines above the rows: four of figures, the tabs, the heads of the columns. Below them there is one. */
const FRAME_LINES = 7;

/** How many rows fit. */
export function rowsShown(rows: number): number {
  return Math.max(1, rows - FRAME_LINES);
}

export function screenLines(
  view: FeedView,
  state: TopState,
  standing: Standing,
  size: { readonly columns: number; readonly rows: number },
): Line[] {
  const width = Math.max(1, size.columns);
  const all = filtered(rowsOf(view, state.tab, state.sorts[state.tab], standing.nowMs), state.filter);
  const room = rowsShown(size.rows);
  const top = Math.min(state.offset, Math.max(0, all.length - room));
  const body = state.isHelp ? HELP.map(plain) : tableLines(state.tab, all.slice(top, top + room), width);
  const blank = plain("");
  const filled = Array.from({ length: room }, (_, index) => body[index + 1] ?? blank);
  const lines = [
    ...headLines(view, standing, width),
    tabLine(view, state, width),
    body[0] ?? blank,
    ...filled,
    lastLine(state, standing, { top, shown: Math.min(room, all.length), all: all.length }),
  ];
  return lines
    .slice(0, Math.max(1, size.rows))
    .map(({ text, tone }) => ({ text: inCells(text, width), tone }));
}

/** How many rows the filter leaves. */
export function countRows(view: FeedView, { tab, filter }: TopState): number {
  return filter === "" ? view[tab].size : filtered(rowsOf(view, tab, 0, 0), filter).length;
}

/** Everything, one after the other, for a terminal that cannot be drawn on, or a pipe. */
export function plainText(view: FeedView, standing: Standing, width: number): string {
  const parts: Line[] = [...headLines(view, standing, width)];
  for (const tab of ["calls", "groups", "carriers"] as const) {
    const rows = rowsOf(view, tab, 0, standing.nowMs);
    if (rows.length > 0) parts.push(plain(""), ...tableLines(tab, rows, width));
  }
  return parts.map(({ text }) => `${inCells(text, width).trimEnd()}\n`).join("");
}

function plain(text: string): Line {
  return { text, tone: "plain" };
}

function filtered(rows: readonly Row[], filter: string): readonly Row[] {
  const words = filter
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== "");
  return words.length === 0 ? rows : rows.filter(({ text }) => words.every((word) => text.includes(word)));
}

/** The head of the table and its rows. */
function tableLines(tab: Tab, rows: readonly Row[], width: number): Line[] {
  const columns = COLUMNS[tab];
  const widths = widthsOf(columns, width);
  const line = (texts: readonly string[]) =>
    texts.map((text, index) => inCells(text, widths[index] ?? 0)).join(" ");
  return [
    { text: line(columns.map(({ head }) => head)), tone: "head" },
    ...rows.map((row) => ({ text: line(row.cells), tone: row.tone })),
  ];
}

/** Below this a screen is narrower than it was made for, and columns are cut. */
const COLUMNS_USUAL = 80;

function widthsOf(columns: readonly Column[], width: number): number[] {
  const more = Math.max(0, width - COLUMNS_USUAL);
  const widths = columns.map((column) => column.width + Math.floor(more * column.grows));
  const used = widths.slice(0, -1).reduce((sum, each) => sum + each + 1, 0);
  return [...widths.slice(0, -1), Math.max(1, width - used)];
}

function headLines(view: FeedView, { away, heardMs, nowMs }: Standing, width: number): Line[] {
  const { head, figures } = view;
  const clock = head === null ? "" : timeText(nowMs, head.office.timezone);
  const revision = figures === null ? "" : `revision ${figures.revision}`;
  const quiet = away === null && head !== null && nowMs - heardMs >= QUIET_MS;
  const trouble =
    away !== null
      ? `NO ENGINE for ${clockText(nowMs - away.sinceMs)}: ${away.why}${head === null ? "" : "; this is how it was"}`
      : quiet
        ? `THE ENGINE SAYS NOTHING for ${clockText(nowMs - heardMs)}`
        : null;
  return [
    { text: apart(`${head?.office.name ?? "ringline"}  ${revision}`.trimEnd(), clock, width), tone: "bold" },
    ...(trouble === null ? figureLines(view, figures, nowMs) : troubleLines(trouble, view, figures, nowMs)),
  ];
}

/** The trouble takes the place of the load, which is not known now. */
function troubleLines(trouble: string, view: FeedView, figures: FeedFigures | null, nowMs: number): Line[] {
  const [calls = plain(""), , phones = plain("")] = figureLines(view, figures, nowMs);
  return [calls, { text: trouble, tone: "bad" }, phones];
}

function figureLines(view: FeedView, figures: FeedFigures | null, nowMs: number): Line[] {
  if (figures === null) return [plain("no figures yet"), plain(""), plain("")];
  const { callsPerSecond, calls, cpuPercent, loopLagMs, switchLagMs, memoryBytes, readers } = figures;
  const others = calls.all - calls.ringing - calls.talking;
  const ms = (value: number | null) => (value === null ? "?" : `${value} ms`);
  const switchText = switchStanding(figures, nowMs);
  return [
    {
      text: `${callsPerSecond.toFixed(1)} calls/s   ${calls.all} in progress: ${calls.ringing} ring, ${calls.talking} talk, ${others} other   ${switchText.text}`,
      tone: switchText.isBad ? "bad" : "plain",
    },
    plain(
      `engine ${cpuPercent === null ? "?" : Math.round(cpuPercent)} % cpu, ${Math.round(memoryBytes / 1e6)} MB   loop ${ms(loopLagMs)} late   event socket ${ms(switchLagMs)}   ${counted(readers, "reader")}`,
    ),
    stationsLine(view, figures),
  ];
}

function switchStanding(
  { switch: its }: FeedFigures,
  nowMs: number,
): { readonly text: string; readonly isBad: boolean } {
  const forText = its.sinceMs === null ? "" : ` ${clockText(nowMs - its.sinceMs)}`;
  if (!its.isConnected) return { text: `switch AWAY${forText}`, isBad: true };
  if (its.isOverloaded) return { text: `OVERLOADED: ${its.refused} refused`, isBad: true };
  return { text: its.isReady ? `switch up${forText}` : "switch up, asking for its phones", isBad: false };
}

function stationsLine({ phones, groups, carriers }: FeedView, { contacts }: FeedFigures): Line {
  const doing = { idle: 0, rings: 0, calls: 0, talks: 0 };
  for (const { state } of phones.values()) doing[state] += 1;
  const waits = [...groups.values()].filter(({ waits: count }) => count > 0).length;
  const deserted = [...groups.values()].filter(
    (group) => group.reachable === 0 && group.members.some(({ calls }) => calls),
  );
  const down = [...carriers.values()].filter(({ isUp }) => isUp === false).map(({ id }) => id);
  const parts = [
    `${counted(phones.size, "phone")} (${counted(contacts, "contact")}): ${doing.rings} ring, ${doing.calls + doing.talks} in calls`,
    ...(waits === 0 ? [] : [`calls wait for ${counted(waits, "group")}`]),
    ...(deserted.length === 0 ? [] : [`NOBODY in ${deserted.map(({ id }) => id).join(", ")}`]),
    ...(down.length === 0 ? [] : [`DOWN: ${down.join(", ")}`]),
  ];
  return { text: parts.join("   "), tone: deserted.length + down.length > 0 ? "bad" : "plain" };
}

function tabLine(view: FeedView, { tab, sorts, filter, isTyping }: TopState, width: number): Line {
  const tabs = TABS.map((each) => {
    const name = `${each} ${view[each].size}`;
    return each === tab ? `[${name}]` : ` ${name} `;
  });
  const sort = `by ${SORTS[tab][sorts[tab] % SORTS[tab].length]}`;
  const typed = isTyping ? `/${filter}_` : filter === "" ? "" : `/${filter}`;
  return {
    text: apart(tabs.join(" "), [typed, sort].filter((part) => part !== "").join("  "), width),
    tone: "bold",
  };
}

function lastLine(
  { isTyping, isHelp }: TopState,
  { away }: Standing,
  { top, shown, all }: { readonly top: number; readonly shown: number; readonly all: number },
): Line {
  if (isTyping) return { text: "type what a row must have; Enter keeps it, Esc drops it", tone: "faint" };
  if (isHelp) return { text: "any key: back", tone: "faint" };
  const keys = "q quit  ←→ view  ↑↓ scroll  / filter  s sort  ? help";
  const part = shown < all ? `${top + 1}-${top + shown} of ${all}   ` : "";
  return { text: `${part}${away === null ? "" : "trying again   "}${keys}`, tone: "faint" };
}

const HELP: readonly string[] = [
  "",
  "  q, Ctrl-C        quit",
  "  left, right, Tab the next view: calls, phones, groups, carriers; 1 to 4: that view",
  "  up, down         scroll by a row; Page Up, Page Down: by a screen; Home, End",
  "  /                show only rows with these words: a part of a number, a user, group:sales",
  "  Esc              show all rows again",
  "  s                the next order",
  "  Ctrl-Z           stop, until `fg`",
  "",
  "  loop             the latest that a timer of the engine fired in the last second",
  "  event socket     from a command to its reply: so late are the switch's events, too",
  "  1 of 3           members of a group who can be reached, of those who take its calls",
];

/** Both at the ends of a line; where there is not room for both, the first. */
function apart(left: string, right: string, width: number): string {
  const room = width - cells(left) - cells(right);
  return room < 1 ? left : `${left}${" ".repeat(room)}${right}`;
}

/** `14:03:22 America/New_York`; a zone that this machine does not know is written as UTC. */
function timeText(atMs: number, timezone: string): string {
  const at = (timeZone: string) =>
    `${new Intl.DateTimeFormat("en-GB", { timeZone, timeStyle: "medium" }).format(atMs)} ${timeZone}`;
  try {
    return at(timezone);
  } catch {
    return at("UTC");
  }
}
