/**
 * Bars for a terminal: one line for each hour or day, of calls that were answered and of the others. Without UTF-8 the bars
 * are of ASCII characters.
 */
import { cells, inCells } from "../shared/cells.js";

export interface Bar {
  readonly label: string;
  readonly answered: number;
  readonly others: number;
}

interface Look {
  readonly columns: number;
  readonly isUtf8: boolean;
}

const UTF8 = { answered: "█", others: "░", eighths: ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"] } as const;
const ASCII = { answered: "#", others: "-" } as const;

const LABEL_MAX = 24;
const BAR_MIN = 10;

/** Whether the terminal shows UTF-8, by the locale (POSIX, 8.2): the first of these variables that says something counts. */
export function showsUtf8({ LC_ALL, LC_CTYPE, LANG }: NodeJS.ProcessEnv): boolean {
  return /utf-?8/i.test([LC_ALL, LC_CTYPE, LANG].find((each) => each !== undefined && each !== "") ?? "");
}

/** One line a bar; the longest one fills the line, and whoever has a call has a mark. */
export function barLines(bars: readonly Bar[], { columns, isUtf8 }: Look): string {
  const labelWidth = Math.min(LABEL_MAX, Math.max(0, ...bars.map(({ label }) => cells(label))));
  const counts = bars.map(({ answered, others }) => String(answered + others));
  const countWidth = Math.max(0, ...counts.map((count) => count.length));
  const width = Math.max(BAR_MIN, columns - labelWidth - countWidth - "  ".length * 2);
  const most = Math.max(0, ...bars.map(({ answered, others }) => answered + others));
  const lines = bars.map((bar, index) => {
    const count = (counts[index] ?? "").padStart(countWidth);
    return `${inCells(bar.label, labelWidth)}  ${count}  ${drawn(bar, most, width, isUtf8)}`.trimEnd();
  });
  return lines.map((line) => `${line}\n`).join("");
}

/** What the characters mean. */
export function barLegend(isUtf8: boolean): string {
  const { answered, others } = isUtf8 ? UTF8 : ASCII;
  return `${answered} answered  ${others} not answered`;
}

function drawn({ answered, others }: Bar, most: number, width: number, isUtf8: boolean): string {
  if (answered + others === 0 || most === 0) return "";
  const { answered: full, others: light } = isUtf8 ? UTF8 : ASCII;
  const whole = Math.max(1, Math.round(((answered + others) * width) / most));
  if (others === 0 && isUtf8) return fine(answered, most, width);
  const first = Math.min(others > 0 ? whole - 1 : whole, Math.round((answered * width) / most));
  const shown = Math.max(answered > 0 && whole > 1 ? 1 : 0, first);
  return full.repeat(shown) + light.repeat(whole - shown);
}

/** To an eighth of a character. */
function fine(calls: number, most: number, width: number): string {
  const eighths = Math.max(1, Math.round((calls * width * 8) / most));
  return UTF8.answered.repeat(Math.floor(eighths / 8)) + (UTF8.eighths[eighths % 8] ?? "");
}
