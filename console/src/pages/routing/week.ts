/** The hours of a week as the page edits them, day by day, and as files write them: `mon-fri` from `08:00` to `12:30`. */

export const DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;
export type Day = (typeof DAYS)[number];

/** A `to` that is not after `from` is on the next day; `24:00` is the end of the day. */
export interface Range {
  readonly from: string;
  readonly to: string;
}

export type Week = Readonly<Record<Day, readonly Range[]>>;

export interface HoursFile {
  readonly days: string;
  readonly from: string;
  readonly to: string;
}

export function weekOf(open: readonly HoursFile[]): Week {
  const week: Record<Day, Range[]> = { mon: [], tue: [], wed: [], thu: [], fri: [], sat: [], sun: [] };
  for (const { days, from, to } of open)
    for (const day of readDays(days)) week[day].push({ from: padded(from), to: padded(to) });
  for (const day of DAYS) week[day].sort((a, b) => (a.from < b.from ? -1 : 1));
  return week;
}

/** Days with the same hours stand in one line. */
export function hoursOf(week: Week): HoursFile[] {
  const lines = new Map<string, { readonly range: Range; readonly days: Day[] }>();
  for (const day of DAYS)
    for (const range of week[day]) {
      const key = `${range.from} ${range.to}`;
      const line = lines.get(key) ?? { range, days: [] };
      if (!line.days.includes(day)) line.days.push(day);
      lines.set(key, line);
    }
  return [...lines.values()].map(({ range, days }) => ({ days: writeDays(days), ...range }));
}

/** `mon-wed,sat`; a range that ends before it begins goes over Sunday. */
export function readDays(text: string): readonly Day[] {
  const named = new Set<Day>();
  const names: readonly string[] = DAYS;
  for (const part of text.split(",")) {
    const [first = "", last = first] = part.trim().split("-");
    const [begin, end] = [names.indexOf(first), names.indexOf(last)];
    if (begin < 0 || end < 0) continue;
    for (let at = begin; ; at = (at + 1) % DAYS.length) {
      const day = DAYS[at];
      if (day !== undefined) named.add(day);
      if (at === end) break;
    }
  }
  return DAYS.filter((day) => named.has(day));
}

/** Days that follow each other as a range. */
export function writeDays(days: readonly Day[]): string {
  const runs: [first: number, last: number][] = [];
  for (const [index, day] of DAYS.entries()) {
    if (!days.includes(day)) continue;
    const run = runs.at(-1);
    if (run !== undefined && run[1] === index - 1) run[1] = index;
    else runs.push([index, index]);
  }
  return runs
    .map(([first, last]) => (first === last ? DAYS[first] : `${DAYS[first]}-${DAYS[last]}`))
    .join(",");
}

/** `8:00` as native time inputs have it. */
function padded(time: string): string {
  return time.padStart(5, "0");
}

function minutesOf(time: string): number {
  const [hour = "0", minute = "0"] = time.split(":");
  return Number(hour) * 60 + Number(minute);
}

export function isOverMidnight({ from, to }: Range): boolean {
  return minutesOf(endOfDay(to)) <= minutesOf(from);
}

/** A native time input cannot say 24:00. */
function endOfDay(to: string): string {
  return to === "00:00" ? "24:00" : to;
}

const DAY_MINUTES = 1_440;

/** The parts of a day, in minutes, in which the schedule is open: its own hours, and what goes on from the day before. */
export function barsOf(week: Week, day: Day): readonly { readonly from: number; readonly to: number }[] {
  const before = DAYS[(DAYS.indexOf(day) + DAYS.length - 1) % DAYS.length] ?? "sun";
  const goesOn = week[before].filter(isOverMidnight).map(({ to }) => ({ from: 0, to: minutesOf(to) }));
  const own = week[day].map((range) => ({
    from: minutesOf(range.from),
    to: isOverMidnight(range) ? DAY_MINUTES : minutesOf(endOfDay(range.to)),
  }));
  return [...goesOn, ...own];
}
